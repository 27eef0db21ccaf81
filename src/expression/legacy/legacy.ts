import { didYouMean } from '../../core/suggestion.ts';
import type { CompileProblem, CompileResult, Reference } from '../compiled.ts';
import { type JsonataBudget, JsonataGuard, tooLarge } from '../jsonata-guard.ts';
import { decodeWithOffsets } from './entities.ts';
import type { LegacyEnvironment } from './environment.ts';
import { evaluateTree } from './evaluate.ts';
import type { FunctionScope } from './functions/function.ts';
import { findLegacyFunction, LEGACY_FUNCTION_NAMES } from './functions/registry.ts';
import { parseTokens } from './parser.ts';
import { tokenize, type Token } from './token.ts';
import { type CallNode, childrenOf, type LegacyNode } from './tree.ts';
import { type LegacyValue, toLegacyText } from './value.ts';

/** An expression of the legacy workflow language, ready to be evaluated any number of times. */
export interface LegacyExpression {
  readonly text: string;
  /** Root `record` for symbols and fields behind references, `context` for literal names given to getFromContext. */
  readonly references: readonly Reference[];
  /** Where it means something else than it looks like; also among the warnings of compiling. */
  readonly warnings: readonly CompileProblem[];
  /**
   * The value; a number that JSON does not have is its text (`INF`). Rejects with EXPRESSION_FAILED where the original
   * stops with an error, and with EXPRESSION_TIMEOUT or EXPRESSION_TOO_LARGE.
   */
  evaluate(environment: LegacyEnvironment, budget?: JsonataBudget): Promise<LegacyValue>;
}

const MAX_TEXT_LENGTH = 256 * 1024;

/**
 * Compiles the legacy expression language, entities decoded first. Problems: EXPRESSION_SYNTAX,
 * EXPRESSION_UNKNOWN_FUNCTION, EXPRESSION_FUNCTION_UNAVAILABLE, EXPRESSION_TOO_LARGE; warnings: EXPRESSION_RIGHT_ASSOCIATIVE,
 * EXPRESSION_TEXT_IGNORED.
 */
export function compileLegacy(text: string): CompileResult<LegacyExpression> {
  if (text.length > MAX_TEXT_LENGTH) {
    const message = `the expression is longer than ${MAX_TEXT_LENGTH} characters`;
    return { ok: false, problem: { code: 'EXPRESSION_TOO_LARGE', message, offset: MAX_TEXT_LENGTH, length: 1 } };
  }
  const decoded = decodeWithOffsets(text);
  const place = <T extends { readonly offset: number; readonly length: number }>(at: T): T => {
    const offset = decoded.sourceOffset(at.offset);
    return { ...at, offset, length: decoded.sourceOffset(at.offset + at.length) - offset };
  };
  const { tokens, dropped } = tokenize(decoded.text);
  const parsed = parseTokens(tokens, decoded.text.length);
  if (!parsed.ok) return { ok: false, problem: place(parsed.problem) };
  const nodes = allNodes(parsed.tree);
  const unusable = nodes.map(functionProblem).find((problem) => problem !== undefined);
  if (unusable !== undefined) return { ok: false, problem: place(unusable) };
  const ignored = ignoredWarning(dropped, parsed.ignoredFrom);
  const warnings = [...nodes.flatMap(associationWarning), ...(ignored === undefined ? [] : [ignored])].map(place);
  const references = nodes.flatMap(referencesOf).map(place);
  const evaluate: LegacyExpression['evaluate'] = (environment, budget = {}) =>
    evaluateBounded(parsed.tree, { environment, guard: new JsonataGuard(budget) });
  return { ok: true, value: { text, references, warnings, evaluate }, warnings };
}

async function evaluateBounded(tree: LegacyNode, scope: FunctionScope): Promise<LegacyValue> {
  try {
    return finiteOrText(await evaluateTree(tree, scope));
  } catch (thrown) {
    // What is nested too deeply to be walked.
    if (thrown instanceof RangeError) throw tooLarge('what it works on is nested too deeply, or too long');
    throw thrown;
  }
}

/** INF and NAN stand for themselves inside an expression; what leaves it goes into JSON, where they would become null. */
function finiteOrText(value: LegacyValue): LegacyValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : toLegacyText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(finiteOrText);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, finiteOrText(member)]));
}

function allNodes(tree: LegacyNode): readonly LegacyNode[] {
  const nodes: LegacyNode[] = [];
  const pending = [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    nodes.push(node);
    pending.push(...childrenOf(node).toReversed());
  }
  return nodes;
}

function functionProblem(node: LegacyNode): CompileProblem | undefined {
  if (node.kind !== 'call') return undefined;
  const known = findLegacyFunction(node.name);
  if (typeof known === 'function') return undefined;
  const at = { offset: node.offset, length: node.length };
  if (known === 'unavailable') {
    return { code: 'EXPRESSION_FUNCTION_UNAVAILABLE', message: `${node.name} is not available in this version`, ...at };
  }
  const hint = didYouMean(node.name, LEGACY_FUNCTION_NAMES) ?? 'names of functions are case-sensitive';
  return { code: 'EXPRESSION_UNKNOWN_FUNCTION', message: `there is no function ${node.name}`, hint, ...at };
}

/** `a op b op2 c` where the usual reading would compute `a op b` first. */
function associationWarning(node: LegacyNode): CompileProblem[] {
  if (node.kind !== 'binary' || node.right.kind !== 'binary' || node.rightBracketed) return [];
  if (tightness(node.right.operator) > tightness(node.operator)) return [];
  if (node.operator === node.right.operator && (node.operator === '+' || node.operator === '*')) return [];
  return [
    {
      code: 'EXPRESSION_RIGHT_ASSOCIATIVE',
      message: `everything after "${node.operator}" is computed first: 10-5-2 is 7, 2*3+4 is 14`,
      hint: 'write brackets',
      offset: node.offset,
      length: node.length,
    },
  ];
}

function tightness(operator: string): number {
  return operator === '*' || operator === '/' ? 2 : operator === '+' || operator === '-' ? 1 : 0;
}

function ignoredWarning(dropped: number | undefined, after: Token | undefined): CompileProblem | undefined {
  const at =
    dropped !== undefined && dropped < (after?.offset ?? Number.POSITIVE_INFINITY)
      ? { offset: dropped, length: 1 }
      : after;
  if (at === undefined) return undefined;
  const message = after === at ? 'everything from here on is ignored' : 'this character is ignored';
  return { code: 'EXPRESSION_TEXT_IGNORED', message, offset: at.offset, length: at.length };
}

function referencesOf(node: LegacyNode): Reference[] {
  if (node.kind === 'symbol') return [{ root: 'record', path: [node.name], offset: node.offset, length: node.length }];
  if (node.kind === 'related') {
    return [{ root: 'record', path: [node.field, node.target], offset: node.offset, length: node.length }];
  }
  return node.kind === 'call' && node.name === 'getFromContext' ? contextReferences(node) : [];
}

function contextReferences(node: CallNode): Reference[] {
  const [names] = node.arguments;
  if (names?.kind !== 'literal' || typeof names.value !== 'string') return [];
  return names.value
    .split(',')
    .map((path) => ({ root: 'context', path: path.split('.'), offset: node.offset, length: node.length }));
}
