import { MapwrightError } from '../../core/error.ts';
import type { LegacyEnvironment } from './environment.ts';
import type { FunctionScope } from './functions/function.ts';
import { findLegacyFunction } from './functions/registry.ts';
import type { CallNode, LegacyNode, LegacyOperator, RelatedNode } from './tree.ts';
import { compareLoosely, isNumeric, isTruthy, type LegacyValue, toNumber } from './value.ts';

/** Functions that give what is there already: it is bounded like everything, but no work of the expression. */
const FINDING_FUNCTIONS: ReadonlySet<string> = new Set(['coalesce', 'getFromContext', 'setToContext']);

/**
 * Computes a tree; rejects with EXPRESSION_FAILED where the original stops with an error, and with EXPRESSION_TIMEOUT or
 * EXPRESSION_TOO_LARGE at the guard's limits.
 */
export async function evaluateTree(node: LegacyNode, scope: FunctionScope): Promise<LegacyValue> {
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'symbol':
      return readSymbol(node.name, scope.environment);
    case 'related':
      return readRelated(node, scope.environment);
    case 'unary':
      return applySign(node.operator, await evaluateTree(node.operand, scope));
    case 'binary': {
      const left = await evaluateTree(node.left, scope);
      return applyOperator(node.operator, left, await evaluateTree(node.right, scope));
    }
    case 'call':
      return callFunction(node, scope);
    case 'choice':
      for (const { when, then } of node.cases) {
        if (isTruthy(await evaluateTree(when, scope))) return evaluateTree(then, scope);
      }
      return evaluateTree(node.otherwise, scope);
  }
}

async function readSymbol(name: string, environment: LegacyEnvironment): Promise<LegacyValue> {
  if (environment.mode === 'none') return name;
  const value = await environment.field(name);
  return value ?? (environment.mode === 'stub' && value === undefined ? name : null);
}

async function readRelated(node: RelatedNode, environment: LegacyEnvironment): Promise<LegacyValue> {
  return (await environment.related({ field: node.field, module: node.module, target: node.target })) ?? '';
}

async function callFunction(node: CallNode, scope: FunctionScope): Promise<LegacyValue> {
  const implementation = findLegacyFunction(node.name);
  if (typeof implementation !== 'function') {
    throw new MapwrightError('EXPRESSION_FAILED', `the function ${node.name} is not available`);
  }
  const values: LegacyValue[] = [];
  for (const argument of node.arguments) values.push(await evaluateTree(argument, scope));
  const { guard } = scope;
  guard.checkTime();
  const result = await implementation(values, scope);
  if (FINDING_FUNCTIONS.has(node.name)) guard.checkSize(result);
  else guard.admit(result);
  return result;
}

function applySign(operator: '+' | '-', value: LegacyValue): LegacyValue {
  return operator === '-' ? 0 - toNumber(value) : toNumber(value);
}

function applyOperator(operator: LegacyOperator, left: LegacyValue, right: LegacyValue): LegacyValue {
  switch (operator) {
    case '+':
      return addOrSubtract(left, right, 1);
    case '-':
      return addOrSubtract(left, right, -1);
    case '*':
      return toNumber(left) * toNumber(right);
    case '/':
      return divide(left, right);
    default:
      return compare(operator, compareLoosely(left, right));
  }
}

/** With one number among the two, that is the result, without its sign changed. */
function addOrSubtract(left: LegacyValue, right: LegacyValue, sign: 1 | -1): number {
  if (!isNumeric(left)) return isNumeric(right) ? Number(right) : 0;
  return isNumeric(right) ? Number(left) + sign * Number(right) : Number(left);
}

function divide(left: LegacyValue, right: LegacyValue): number {
  if (!isTruthy(right)) return 0;
  const divisor = toNumber(right);
  return divisor === 0 ? 0 : toNumber(left) / divisor;
}

function compare(operator: Exclude<LegacyOperator, '+' | '-' | '*' | '/'>, order: number): boolean {
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}
