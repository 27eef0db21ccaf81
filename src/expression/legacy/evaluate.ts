import { MapwrightError } from '../../core/error.ts';
import { calculate, negate, type Operand, plainValue } from './arithmetic.ts';
import type { LegacyEnvironment } from './environment.ts';
import type { FunctionScope, Implementation } from './functions/function.ts';
import { findLegacyFunction } from './functions/registry.ts';
import type { CallNode, ChoiceNode, LegacyNode, LegacyOperator, RelatedNode, UnaryNode, BinaryNode } from './tree.ts';
import { compareLoosely, isTruthy, type LegacyValue } from './value.ts';

/** A value, or the promise of one where something had to be looked up. */
export type Awaitable<T> = T | Promise<T>;

/**
 * Computes a part of an expression; throws or rejects with EXPRESSION_FAILED where the original stops with an error, and with
 * EXPRESSION_TIMEOUT or EXPRESSION_TOO_LARGE at the guard's limits.
 */
export type Computation = (scope: FunctionScope) => Awaitable<LegacyValue>;
type OperandComputation = (scope: FunctionScope) => Awaitable<Operand>;

/** Functions that give what is there already: it is bounded like everything, but no work of the expression. */
const FINDING_FUNCTIONS: ReadonlySet<string> = new Set(['coalesce', 'getFromContext', 'setToContext']);

/** A text from which on working with it takes so long that the time is looked at. */
const LONG_TEXT = 16 * 1024;

/** Compiles a tree whose functions are all available to closures, which wait for nothing that is there at once. */
export function compileTree(node: LegacyNode): Computation {
  switch (node.kind) {
    case 'literal': {
      const { value } = node;
      return () => value;
    }
    case 'symbol':
      return compileSymbol(node.name);
    case 'related':
      return compileRelated(node);
    case 'unary':
    case 'binary':
      return isComparison(node) ? compileComparison(node) : compilePlain(compileArithmetic(node));
    case 'call':
      return compileCall(node);
    case 'choice':
      return compileChoice(node);
  }
}

/** Calls `next` with the value: at once when it is there. */
function whenThere<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

function compileSymbol(name: string): Computation {
  return ({ environment }) => {
    if (environment.mode === 'none') return name;
    const value = environment.field(name);
    return value instanceof Promise
      ? value.then((read) => orOwnName(read, environment, name))
      : orOwnName(value, environment, name);
  };
}

function orOwnName(value: LegacyValue | undefined, environment: LegacyEnvironment, name: string): LegacyValue {
  if (value !== undefined) return value;
  return environment.mode === 'stub' ? name : null;
}

/** What is stored in a field, as functions that take their arguments raw see it. */
function compileRawSymbol(name: string): Computation {
  const shown = compileSymbol(name);
  return (scope) => {
    const { record, mode } = scope.environment;
    const stored = mode !== 'none' && Object.hasOwn(record, name) ? record[name] : undefined;
    return stored ?? shown(scope);
  };
}

function compileRelated({ field, module, target }: RelatedNode): Computation {
  const related = { field, module, target };
  return ({ environment }) => whenThere(environment.related(related), (value) => value ?? '');
}

function compileOperand(node: LegacyNode): OperandComputation {
  const computes = (node.kind === 'binary' || node.kind === 'unary') && !isComparison(node);
  return computes ? compileArithmetic(node) : compileTree(node);
}

function compilePlain(compute: OperandComputation): Computation {
  return (scope) => whenThere(compute(scope), plainValue);
}

function compileArithmetic(node: UnaryNode | BinaryNode): OperandComputation {
  if (node.kind === 'unary') {
    const operand = compileOperand(node.operand);
    return node.operator === '+' ? operand : (scope) => whenThere(operand(scope), negate);
  }
  const { operator } = node;
  if (!isArithmetic(operator)) return compileComparison(node);
  return compilePair(compileOperand(node.left), compileOperand(node.right), (left, right) =>
    calculate(operator, left, right),
  );
}

function compileComparison(node: UnaryNode | BinaryNode): Computation {
  if (node.kind === 'unary') return compileTree(node);
  const holds = COMPARISONS[isArithmetic(node.operator) ? '==' : node.operator];
  return compilePair(compileTree(node.left), compileTree(node.right), (left, right) =>
    holds(compareLoosely(left, right)),
  );
}

/** Both sides, the left one first. */
function compilePair<T, R>(
  left: (scope: FunctionScope) => Awaitable<T>,
  right: (scope: FunctionScope) => Awaitable<T>,
  combine: (left: T, right: T) => R,
): (scope: FunctionScope) => Awaitable<R> {
  return (scope) => {
    const first = left(scope);
    if (first instanceof Promise) {
      return first.then((one) => whenThere(right(scope), (other) => combine(one, other)));
    }
    const second = right(scope);
    return second instanceof Promise ? second.then((other) => combine(first, other)) : combine(first, second);
  };
}

type Comparison = Exclude<LegacyOperator, '+' | '-' | '*' | '/'>;

const COMPARISONS: Readonly<Record<Comparison, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function isArithmetic(operator: LegacyOperator): operator is '+' | '-' | '*' | '/' {
  return !Object.hasOwn(COMPARISONS, operator);
}

function isComparison(node: UnaryNode | BinaryNode): boolean {
  return node.kind === 'binary' && !isArithmetic(node.operator);
}

function compileChoice({ cases, otherwise }: ChoiceNode): Computation {
  const branches = cases.map(({ when, then }) => ({ when: compileTree(when), then: compileTree(then) }));
  const last = compileTree(otherwise);
  const chooseFrom = (scope: FunctionScope, first: number): Awaitable<LegacyValue> => {
    for (let index = first; ; index++) {
      const branch = branches[index];
      if (branch === undefined) return last(scope);
      const holds = branch.when(scope);
      if (holds instanceof Promise) {
        return holds.then((known) => (isTruthy(known) ? branch.then(scope) : chooseFrom(scope, index + 1)));
      }
      if (isTruthy(holds)) return branch.then(scope);
    }
  };
  return (scope) => chooseFrom(scope, 0);
}

function compileCall(node: CallNode): Computation {
  const found = findLegacyFunction(node.name);
  if (found.kind !== 'available') {
    throw new MapwrightError('EXPRESSION_FAILED', `the function ${node.name} is not available`);
  }
  const { compute } = found;
  const finds = FINDING_FUNCTIONS.has(node.name);
  const values = node.arguments.map((argument) =>
    found.takesRaw && argument.kind === 'symbol' ? compileRawSymbol(argument.name) : compileTree(argument),
  );
  return (scope) => {
    const given: LegacyValue[] = [];
    for (const value of values) {
      const one = value(scope);
      if (one instanceof Promise) {
        scope.guard.startClock();
        return callLater(one, { given, values, scope }, (all) => call(compute, all, scope, finds));
      }
      given.push(one);
    }
    return call(compute, given, scope, finds);
  };
}

interface StartedCall {
  readonly given: LegacyValue[];
  readonly values: readonly Computation[];
  readonly scope: FunctionScope;
}

async function callLater(
  first: Promise<LegacyValue>,
  { given, values, scope }: StartedCall,
  go: (values: readonly LegacyValue[]) => Awaitable<LegacyValue>,
): Promise<LegacyValue> {
  given.push(await first);
  for (const value of values.slice(given.length)) given.push(await value(scope));
  return go(given);
}

function call(
  compute: Implementation,
  values: readonly LegacyValue[],
  scope: FunctionScope,
  finds: boolean,
): Awaitable<LegacyValue> {
  const { guard } = scope;
  guard.countStep();
  const result = compute(values, scope);
  if (result instanceof Promise) {
    guard.startClock();
    return result.then((value) => admitted(value, scope, finds));
  }
  return admitted(result, scope, finds);
}

function admitted(value: LegacyValue, { guard }: FunctionScope, finds: boolean): LegacyValue {
  if (typeof value === 'string' ? value.length > LONG_TEXT : typeof value === 'object') guard.checkTime();
  if (finds) guard.checkSize(value);
  else guard.admit(value);
  return value;
}
