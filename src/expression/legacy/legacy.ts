import { MapwrightError } from '../../core/error.ts';
import { didYouMean } from '../../core/suggestion.ts';
import { type CompileProblem, type CompileResult, type Reference, shownName } from '../compiled.ts';
import { type JsonataBudget, JsonataGuard, tooLarge } from '../jsonata-guard.ts';
import { decodeWithOffsets } from './entities.ts';
import type { LegacyEnvironment } from './environment.ts';
import { type Awaitable, compileTree, type Computation } from './evaluate.ts';
import type { FunctionScope } from './functions/function.ts';
import { findLegacyFunction, LEGACY_FUNCTION_NAMES } from './functions/registry.ts';
import { parseTokens } from './parser.ts';
import { surprisesOf } from './surprises.ts';
import { tokenize } from './token.ts';
import { type CallNode, childrenOf, type LegacyNode } from './tree.ts';
import { type LegacyValue, toLegacyText } from './value.ts';

/** An expression of the legacy workflow language, ready to be evaluated any number of times. */
export interface LegacyExpression {
  readonly text: string;
  /**
   * Root `record` for symbols and fields behind references, `context` for literal names given to getFromContext (without a
   * path where the names are computed), `setting` for the name given to getSetting.
   */
  readonly references: readonly Reference[];
  /** Where it means something else than it looks like; also among the warnings of compiling. */
  readonly warnings: readonly CompileProblem[];
  /**
   * The value, at once unless something had to be looked up; a number that JSON does not have is its text (`INF`). Throws or
   * rejects with EXPRESSION_FAILED where the original stops with an error, and with EXPRESSION_TIMEOUT or EXPRESSION_TOO_LARGE.
   */
  compute(environment: LegacyEnvironment, budget?: JsonataBudget): Awaitable<LegacyValue>;
  /** As `compute`, and always a promise. */
  evaluate(environment: LegacyEnvironment, budget?: JsonataBudget): Promise<LegacyValue>;
}

const MAX_TEXT_LENGTH = 256 * 1024;
/** How often expressions may compute other expressions inside of each other. */
const MAX_NESTED_EVALUATIONS = 20;

/**
 * Compiles the legacy expression language, entities decoded first. Problems: EXPRESSION_SYNTAX,
 * EXPRESSION_UNKNOWN_FUNCTION, EXPRESSION_FUNCTION_UNAVAILABLE, EXPRESSION_TOO_LARGE; warnings: EXPRESSION_RIGHT_ASSOCIATIVE,
 * EXPRESSION_TEXT_IGNORED, EXPRESSION_WORD_IS_FIELD, EXPRESSION_MENDED.
 */
export function compileLegacy(text: string): CompileResult<LegacyExpression> {
  const read = readText(text);
  if (!read.ok) return read;
  const { computation, references } = read.value;
  const { warnings } = read;
  const compute: LegacyExpression['compute'] = (environment, budget = {}) =>
    run(computation, evaluationScope(environment, new JsonataGuard(budget, 'idle')));
  const evaluate: LegacyExpression['evaluate'] = async (environment, budget) => compute(environment, budget);
  return { ok: true, value: { text, references, warnings, compute, evaluate }, warnings };
}

interface ReadText {
  readonly computation: Computation;
  readonly references: readonly Reference[];
}

function readText(text: string): CompileResult<ReadText> {
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
  const warnings = surprisesOf({ tokens, nodes, dropped, ignoredFrom: parsed.ignoredFrom }).map(place);
  const references = nodes.flatMap(referencesOf).map(place);
  return { ok: true, value: { computation: compileTree(parsed.tree), references }, warnings };
}

/** Where texts are computed one after the other within one set of limits. */
export function evaluationScope(environment: LegacyEnvironment, guard: JsonataGuard): FunctionScope {
  return new EvaluationScope(environment, guard, 0);
}

/** One evaluation, or one inside of another. */
class EvaluationScope implements FunctionScope {
  readonly environment: LegacyEnvironment;
  readonly guard: JsonataGuard;
  readonly #depth: number;

  constructor(environment: LegacyEnvironment, guard: JsonataGuard, depth: number) {
    this.environment = environment;
    this.guard = guard;
    this.#depth = depth;
  }

  evaluateText(text: string, environment: LegacyEnvironment = this.environment): Awaitable<LegacyValue> {
    if (this.#depth >= MAX_NESTED_EVALUATIONS) throw tooLarge('expressions compute each other without an end');
    const read = readText(text);
    if (!read.ok) {
      const { code, message, hint } = read.problem;
      throw new MapwrightError(code, `${message}, in ${text.slice(0, 200)}`, hint === undefined ? {} : { hint });
    }
    return run(read.value.computation, new EvaluationScope(environment, this.guard, this.#depth + 1));
  }
}

function run(computation: Computation, scope: FunctionScope): Awaitable<LegacyValue> {
  try {
    const value = computation(scope);
    return value instanceof Promise ? value.then(finiteOrText, rethrow) : finiteOrText(value);
  } catch (thrown) {
    return rethrow(thrown);
  }
}

/** What is nested too deeply to be walked ends the stack. */
function rethrow(thrown: unknown): never {
  if (thrown instanceof RangeError) throw tooLarge('what it works on is nested too deeply, or too long');
  throw thrown;
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
  if (known.kind === 'available') return undefined;
  const at = { offset: node.offset, length: node.length };
  if (known.kind === 'unavailable') {
    return {
      code: 'EXPRESSION_FUNCTION_UNAVAILABLE',
      message: `${node.name} is not available: ${known.reason}`,
      ...at,
    };
  }
  const hint = didYouMean(node.name, LEGACY_FUNCTION_NAMES) ?? 'names of functions are case-sensitive';
  return { code: 'EXPRESSION_UNKNOWN_FUNCTION', message: `there is no function ${shownName(node.name)}`, hint, ...at };
}

function referencesOf(node: LegacyNode): Reference[] {
  if (node.kind === 'symbol') return [{ root: 'record', path: [node.name], offset: node.offset, length: node.length }];
  if (node.kind === 'related') {
    return [{ root: 'record', path: [node.field, node.target], offset: node.offset, length: node.length }];
  }
  return node.kind === 'call' ? referencesOfCall(node) : [];
}

/** What a call reads by name. Where only evaluating it tells which variables those are, it reads the whole context. */
function referencesOfCall(node: CallNode): Reference[] {
  const [names, otherwise] = node.arguments;
  const { offset, length } = node;
  const literal = names?.kind === 'literal' && typeof names.value === 'string' ? names.value : undefined;
  switch (node.name) {
    case 'getFromContext':
    case 'getFromContextSearching':
      if (literal === undefined) return [{ root: 'context', path: [], offset, length }];
      return literal.split(',').map((path) => ({ root: 'context', path: path.split('.'), offset, length }));
    case 'evaluateRule':
      return [{ root: 'context', path: [], offset, length }];
    case 'getSetting':
      if (literal === undefined || literal === '' || otherwise !== undefined) return [];
      return [{ root: 'setting', path: [literal], offset, length }];
    default:
      return [];
  }
}
