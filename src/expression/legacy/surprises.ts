import type { CompileProblem } from '../compiled.ts';
import type { Token } from './token.ts';
import type { BinaryNode, LegacyNode, SymbolNode, UnaryNode } from './tree.ts';

/** What is looked through for surprises. */
export interface Reading {
  readonly tokens: readonly Token[];
  /** All nodes of the tree. */
  readonly nodes: readonly LegacyNode[];
  /** The first character, not a blank, that belongs to no token. */
  readonly dropped: number | undefined;
  /** The first token after the expression. */
  readonly ignoredFrom: Token | undefined;
}

/**
 * Where an expression means something else than it looks like, or was computed otherwise by the original. Codes:
 * EXPRESSION_RIGHT_ASSOCIATIVE, EXPRESSION_TEXT_IGNORED, EXPRESSION_WORD_IS_FIELD, EXPRESSION_MENDED.
 */
export function surprisesOf({ tokens, nodes, dropped, ignoredFrom }: Reading): readonly CompileProblem[] {
  const end = ignoredFrom?.offset ?? Number.POSITIVE_INFINITY;
  return [
    ...nodes.flatMap(nodeSurprises),
    ...tokens.filter(({ offset }) => offset < end).flatMap(tokenSurprises),
    ...ignoredText(dropped, ignoredFrom),
  ];
}

function nodeSurprises(node: LegacyNode): readonly CompileProblem[] {
  if (node.kind === 'binary') return rightAssociation(node);
  if (node.kind === 'symbol') return wordAsField(node);
  return node.kind === 'unary' ? signBeforeCall(node) : [];
}

/** `a op b op2 c` where the usual reading would compute `a op b` first. */
function rightAssociation({ operator, right, rightBracketed, offset, length }: BinaryNode): CompileProblem[] {
  if (right.kind !== 'binary' || rightBracketed || tightness(right.operator) > tightness(operator)) return [];
  if (operator === right.operator && (operator === '+' || operator === '*')) return [];
  const message = `everything after "${operator}" is computed first: 10-5-2 is 7, 2*3+4 is 14`;
  return [{ code: 'EXPRESSION_RIGHT_ASSOCIATIVE', message, hint: 'write brackets', offset, length }];
}

function tightness(operator: string): number {
  return operator === '*' || operator === '/' ? 2 : operator === '+' || operator === '-' ? 1 : 0;
}

/** Words of other languages, and of this one in another letter case: what to write instead. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['true', 'write 1==1, or 1'],
  ['false', 'write 1==2, or 0'],
  ['null', "write ''"],
  ['and', 'write AND(a, b)'],
  ['or', 'write OR(a, b)'],
  ['not', 'write NOT(a)'],
  ['if', 'write if in small letters'],
  ['then', 'write then in small letters'],
  ['else', 'write else in small letters'],
  ['end', 'write end in small letters'],
]);

function wordAsField({ name, offset, length }: SymbolNode): CompileProblem[] {
  const hint = WORDS.get(name.toLowerCase());
  if (hint === undefined) return [];
  const message = `"${name}" is no word of this language: it is read as a field of that name`;
  return [{ code: 'EXPRESSION_WORD_IS_FIELD', message, hint, offset, length }];
}

function signBeforeCall({ operator, operand, offset, length }: UnaryNode): CompileProblem[] {
  if (operand.kind !== 'call') return [];
  const message = `coreBOS reads "${operator}${operand.name}(...)" as a field named ${operand.name}; here it is the function`;
  return [mended(message, `write 0${operator}${operand.name}(...), which both compute alike`, { offset, length })];
}

function tokenSurprises(token: Token): CompileProblem[] {
  if (token.kind === 'string' && token.quote === '"') {
    const message = 'coreBOS leaves out double quotes and reads a field; here it is a text';
    return [mended(message, 'write single quotes', token)];
  }
  if (token.kind === 'symbol' && token.quoted) {
    return [mended('coreBOS fails at a name in backticks; here it is a field', 'leave them out', token)];
  }
  return [];
}

function mended(
  message: string,
  hint: string,
  { offset, length }: { readonly offset: number; readonly length: number },
): CompileProblem {
  return { code: 'EXPRESSION_MENDED', message, hint, offset, length };
}

function ignoredText(dropped: number | undefined, after: Token | undefined): CompileProblem[] {
  const at =
    dropped !== undefined && dropped < (after?.offset ?? Number.POSITIVE_INFINITY)
      ? { offset: dropped, length: 1 }
      : after;
  if (at === undefined) return [];
  const message = after === at ? 'everything from here on is ignored' : 'this character is ignored';
  return [{ code: 'EXPRESSION_TEXT_IGNORED', message, offset: at.offset, length: at.length }];
}
