import { MapwrightError } from '../core/error.ts';
import type { Json } from '../core/json.ts';
import { compileRegex } from './bounded-regex.ts';
import type { CompileProblem, CompileResult, Reference } from './compiled.ts';
import type { Ambience, Environment } from './environment.ts';
import { syntaxProblem } from './jsonata-error.ts';
import { JsonataEvaluator } from './jsonata-evaluator.ts';
import { FUNCTION_NAMES } from './jsonata-functions.ts';
import type { JsonataBudget } from './jsonata-guard.ts';
import { childrenOf, type SyntaxNode } from './jsonata-node.ts';
import { findNames } from './jsonata-references.ts';
import { shortcutOf } from './jsonata-shortcut.ts';

/** A JSONata expression, ready to be evaluated any number of times. */
export interface JsonataExpression {
  readonly text: string;
  /** What it reads, each place once. */
  readonly references: readonly Reference[];
  /**
   * The value, detached from the environment (which is never changed); undefined when there is none. The same environment
   * and ambience give the same value. Rejects with EXPRESSION_FAILED, EXPRESSION_TIMEOUT or EXPRESSION_TOO_LARGE.
   */
  evaluate(environment: Environment, ambience: Ambience, budget?: JsonataBudget): Promise<Json | undefined>;
}

const MAX_TEXT_LENGTH = 256 * 1024;
const MAX_IDLE_EVALUATORS = 4;

/**
 * Compiles JSONata. Problems: EXPRESSION_SYNTAX, EXPRESSION_UNKNOWN_NAME, EXPRESSION_UNKNOWN_FUNCTION, EXPRESSION_REGEX,
 * EXPRESSION_TOO_LARGE.
 */
export function compileJsonata(text: string): CompileResult<JsonataExpression> {
  if (text.length > MAX_TEXT_LENGTH) {
    const message = `the expression is longer than ${MAX_TEXT_LENGTH} characters`;
    return { ok: false, problem: { code: 'EXPRESSION_TOO_LARGE', message, offset: MAX_TEXT_LENGTH, length: 1 } };
  }
  try {
    return compileTree(text);
  } catch (thrown) {
    return { ok: false, problem: syntaxProblem(thrown, text) };
  }
}

function compileTree(text: string): CompileResult<JsonataExpression> {
  const first = new JsonataEvaluator(text);
  const { references, problem } = findNames(first.tree, text, FUNCTION_NAMES);
  const found = problem ?? findRegexProblem(first.tree);
  if (found !== undefined) return { ok: false, problem: found };
  const shortcut = shortcutOf(first.tree);
  // An evaluator is large, and one beside a shortcut is hardly ever asked.
  const idle = shortcut === undefined ? [first] : [];
  const evaluate: JsonataExpression['evaluate'] = async (environment, ambience, budget = {}) => {
    // A shortcut takes next to no time, and fits any depth but one that somebody has asked for.
    const known = budget.maxDepth === undefined ? shortcut?.(environment) : undefined;
    if (known !== undefined) return known.value;
    const evaluator = idle.pop() ?? new JsonataEvaluator(text);
    const value = await evaluator.run(environment, ambience, budget);
    // After a failure, branches of the old evaluation may still be winding down: that evaluator is not used again.
    if (idle.length < MAX_IDLE_EVALUATORS) idle.push(evaluator);
    return value;
  };
  return { ok: true, value: { text, references, evaluate }, warnings: [] };
}

function findRegexProblem(tree: SyntaxNode): CompileProblem | undefined {
  const pending = [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const regex = node['value'];
    if (regex instanceof RegExp) {
      const problem = regexProblem(regex, node['position']);
      if (problem !== undefined) return problem;
    }
    pending.push(...childrenOf(node));
  }
  return undefined;
}

function regexProblem(regex: RegExp, position: unknown): CompileProblem | undefined {
  try {
    compileRegex(regex.source, regex.flags);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    const written = regex.source.length + 2;
    const offset = Math.max(0, (typeof position === 'number' ? position : written) - written);
    return { code: thrown.code, message: thrown.message, hint: thrown.hint ?? '', offset, length: written };
  }
}
