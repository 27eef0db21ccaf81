/** One node of JSONata's syntax tree, whose members depend on its `type`. */
export type SyntaxNode = Readonly<Record<string, unknown>>;

/** True for anything that may be a syntax node. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RegExp);
}

/** All nodes in a member that is a node, a list of nodes or a list of pairs of nodes. */
export function nodesIn(member: unknown): readonly SyntaxNode[] {
  if (Array.isArray(member)) return member.flatMap(nodesIn);
  return isNode(member) ? [member] : [];
}

/** The nodes directly below a node, in no particular order. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  return Object.values(node).flatMap(nodesIn);
}

/** A member that is a text; undefined when it is anything else. */
export function textOf(node: SyntaxNode, member: string): string | undefined {
  const value = node[member];
  return typeof value === 'string' ? value : undefined;
}

/** Where a name stands in the expression; JSONata's positions are just past the token. */
export function rangeOf(node: SyntaxNode, text: string): { readonly offset: number; readonly length: number } {
  const end = typeof node['position'] === 'number' ? Math.min(node['position'], text.length) : 0;
  const value = textOf(node, 'value') ?? '';
  const quote = text[end - 1];
  if (quote !== undefined && '`"\''.includes(quote) && !text.endsWith(value, end)) {
    const start = text.lastIndexOf(quote, end - 2);
    return start < 0 ? { offset: end - 1, length: 1 } : { offset: start, length: end - start };
  }
  const offset = Math.max(0, end - value.length);
  return { offset, length: end - offset };
}
