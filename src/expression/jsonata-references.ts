import { didYouMean } from '../core/suggestion.ts';
import { type CompileProblem, type Reference, shownName } from './compiled.ts';
import { childrenOf, isNode, nodesIn, rangeOf, type SyntaxNode, textOf } from './jsonata-node.ts';

/** The names every JSONata expression sees. */
export const EXPRESSION_ROOTS: readonly string[] = [
  'record',
  'previous',
  'changed',
  'context',
  'input',
  'user',
  'run',
  'setting',
  'answer',
  'response',
  'item',
];

/** What names are looked up in: everything, a place below a root, or a value that cannot be told without running. */
type Focus = { readonly root: string; readonly path: readonly string[] } | 'everything' | 'unknown';

/** What a walk over an expression finds. */
export interface JsonataNames {
  readonly references: readonly Reference[];
  readonly problem: CompileProblem | undefined;
}

/**
 * Finds, without running it, which paths from the roots an expression reads, and the first name that nothing has:
 * EXPRESSION_UNKNOWN_NAME for a root, EXPRESSION_UNKNOWN_FUNCTION for a function called by name.
 */
export function findNames(tree: SyntaxNode, text: string, functions: ReadonlySet<string>): JsonataNames {
  const walk = new Walk(text, functions, boundVariables(tree));
  walk.visit(tree, 'everything');
  return { references: [...walk.references.values()], problem: walk.problem };
}

/** Names given to variables anywhere: parameters, `:=`, `@$x`, `#$i`. */
function boundVariables(tree: SyntaxNode): ReadonlySet<string> {
  const names = new Set<string>();
  const pending = [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const bound =
      node['type'] === 'lambda' ? nodesIn(node['arguments']) : node['type'] === 'bind' ? nodesIn(node['lhs']) : [];
    for (const name of [
      ...bound.map((variable) => textOf(variable, 'value')),
      textOf(node, 'focus'),
      textOf(node, 'index'),
    ]) {
      if (name !== undefined) names.add(name);
    }
    pending.push(...childrenOf(node));
  }
  return names;
}

class Walk {
  readonly references = new Map<string, Reference>();
  problem: CompileProblem | undefined;
  readonly #text: string;
  readonly #functions: ReadonlySet<string>;
  readonly #variables: ReadonlySet<string>;

  constructor(text: string, functions: ReadonlySet<string>, variables: ReadonlySet<string>) {
    this.#text = text;
    this.#functions = functions;
    this.#variables = variables;
  }

  /** Visits a node whose names are looked up in `focus`; gives what its value is. */
  visit(node: SyntaxNode, focus: Focus): Focus {
    switch (node['type']) {
      case 'path':
        return this.#visitPath(node, focus);
      case 'variable':
        return this.#use(this.#variable(node, focus), node);
      case 'name':
        return this.#use(this.#step(node, focus), node);
      case 'wildcard':
      case 'descendant':
        this.#use(focus, node);
        return 'unknown';
      case 'parent':
        this.#use(around(focus), node);
        return 'unknown';
      case 'transform':
        for (const child of childrenOf(node)) this.visit(child, 'unknown');
        return 'unknown';
      case 'function':
      case 'partial':
        this.#checkFunction(node);
    }
    for (const child of childrenOf(node)) this.visit(child, focus);
    return 'unknown';
  }

  #visitPath(node: SyntaxNode, outer: Focus): Focus {
    let focus = outer;
    let last: SyntaxNode = node;
    for (const step of nodesIn(node['steps'])) {
      const next = this.#enter(step, focus);
      // Only the end of a chain of names is a reference: `record.a` does not use all of `record`.
      if (next === 'unknown' && last !== node) this.#use(focus, last);
      focus = this.#visitFilters(step, next);
      if (step['type'] === 'name' || step['type'] === 'variable') last = step;
    }
    for (const child of nodesIn(isNode(node['group']) ? node['group']['lhs'] : [])) this.visit(child, focus);
    return last === node ? focus : this.#use(focus, last);
  }

  /** Takes one step of a path. */
  #enter(step: SyntaxNode, focus: Focus): Focus {
    if (step['type'] === 'name') return this.#step(step, focus);
    if (step['type'] === 'variable') return this.#variable(step, focus);
    if (step['type'] === 'sort') {
      for (const child of childrenOf(step)) this.visit(child, focus);
      return focus;
    }
    this.visit(step, focus);
    return 'unknown';
  }

  #visitFilters(step: SyntaxNode, focus: Focus): Focus {
    for (const stage of [...nodesIn(step['stages']), ...nodesIn(step['predicate'])]) {
      if (isNode(stage['expr'])) this.visit(stage['expr'], focus);
    }
    // After `@$x` names are looked up one step before, which is left to the run.
    return textOf(step, 'focus') === undefined ? focus : this.#use(focus, step) && 'unknown';
  }

  #step(node: SyntaxNode, focus: Focus): Focus {
    const name = textOf(node, 'value') ?? '';
    if (focus === 'unknown') return 'unknown';
    if (focus !== 'everything') return { root: focus.root, path: [...focus.path, name] };
    if (EXPRESSION_ROOTS.includes(name)) return { root: name, path: [] };
    const hint = didYouMean(name, EXPRESSION_ROOTS) ?? `names start with one of: ${EXPRESSION_ROOTS.join(', ')}`;
    this.#report({
      code: 'EXPRESSION_UNKNOWN_NAME',
      message: `there is no "${shownName(name)}" here`,
      hint,
      ...rangeOf(node, this.#text),
    });
    return 'unknown';
  }

  #variable(node: SyntaxNode, focus: Focus): Focus {
    const name = textOf(node, 'value');
    return name === '' ? focus : name === '$' ? 'everything' : 'unknown';
  }

  #checkFunction(node: SyntaxNode): void {
    const procedure = node['procedure'];
    if (!isNode(procedure) || procedure['type'] !== 'variable') return;
    const name = textOf(procedure, 'value') ?? '';
    if (this.#functions.has(name) || this.#variables.has(name)) return;
    this.#report({
      code: 'EXPRESSION_UNKNOWN_FUNCTION',
      message: `there is no function $${shownName(name)}`,
      hint: didYouMean(name, [...this.#functions, ...this.#variables]) ?? 'see the list of functions',
      ...rangeOf(procedure, this.#text),
    });
  }

  #use(focus: Focus, at: SyntaxNode): Focus {
    const used =
      focus === 'everything'
        ? EXPRESSION_ROOTS.map((root) => ({ root, path: [] }))
        : focus === 'unknown'
          ? []
          : [focus];
    const range = rangeOf(at, this.#text);
    for (const { root, path } of used) {
      const reference = { root, path, ...range };
      this.references.set(JSON.stringify(reference), reference);
    }
    return focus;
  }

  #report(problem: CompileProblem): void {
    this.problem ??= problem;
  }
}

/** What the parents of a place may be. */
function around(focus: Focus): Focus {
  if (typeof focus === 'string') return focus;
  return focus.path.length === 0 ? 'everything' : { root: focus.root, path: [] };
}
