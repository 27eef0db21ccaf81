import { integerValue, isInteger64, isNumericText, leadingNumberText, wholeNumber } from './number.ts';
import { isNumeric, isTruthy, type LegacyValue, toNumber } from './value.ts';

/**
 * A float that happens to be whole. PHP goes on computing with it as a float, where an integer would be exact up to 64 bits;
 * only arithmetic itself has to know.
 */
export class WholeFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** What arithmetic works on. */
export type Operand = LegacyValue | WholeFloat;

type Arithmetic = '+' | '-' | '*' | '/';

/** The value outside of arithmetic. */
export function plainValue(operand: Operand): LegacyValue {
  return operand instanceof WholeFloat ? operand.value : operand;
}

/** `a op b` as the language computes it; throws EXPRESSION_FAILED for `*` and `/` of what is no number. */
export function calculate(operator: Arithmetic, left: Operand, right: Operand): Operand {
  if (typeof left === 'number' && typeof right === 'number' && Number.isInteger(left) && Number.isInteger(right)) {
    const result = applyToDoubles(operator, left, right);
    if (Number.isSafeInteger(result) || !Number.isInteger(result)) return result;
  }
  return operator === '+' || operator === '-' ? addOrSubtract(operator, left, right) : scale(operator, left, right);
}

/** `-a`; throws EXPRESSION_FAILED for what is no number. */
export function negate(operand: Operand): Operand {
  return applyExactly('-', 0, operand);
}

/** `base ** exponent`, exact where PHP's is; throws EXPRESSION_FAILED for what is no number. */
export function raise(base: LegacyValue, exponent: LegacyValue): LegacyValue {
  const [b, e] = [toNumber(base), toNumber(exponent)];
  const result = b ** e;
  const [whole, times] = [integerOf(base), integerOf(exponent)];
  if (Number.isSafeInteger(result) || whole === undefined || times === undefined || times < 0n) return result;
  // Beyond 64 bits it is a float: no need to compute it exactly.
  if (Math.abs(result) > 2 ** 64) return result;
  const exact = whole ** times;
  return isInteger64(exact) ? integerValue(exact) : result;
}

/** With one number among the two, that is the result: as it stands, its sign and its text unchanged. */
function addOrSubtract(operator: '+' | '-', left: Operand, right: Operand): Operand {
  if (!isNumber(left)) return isNumber(right) ? right : 0;
  return isNumber(right) ? applyExactly(operator, left, right) : left;
}

function scale(operator: '*' | '/', left: Operand, right: Operand): Operand {
  if (operator === '/' && (!isTruthy(plainValue(right)) || toNumber(plainValue(right)) === 0)) return 0;
  return applyExactly(operator, left, right);
}

/** Whole numbers stay whole while 64 bits hold them; everything else is a float. */
function applyExactly(operator: Arithmetic, left: Operand, right: Operand): Operand {
  const result = applyToDoubles(operator, toNumber(plainValue(left)), toNumber(plainValue(right))) + 0;
  if (!Number.isInteger(result)) return result;
  const [a, b] = [integerOf(left), integerOf(right)];
  if (a === undefined || b === undefined) return new WholeFloat(result);
  if (operator === '/' && a % b !== 0n) return new WholeFloat(result);
  const exact = operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : a / b;
  return isInteger64(exact) ? integerValue(exact) : new WholeFloat(result);
}

function applyToDoubles(operator: Arithmetic, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? 0 : left / right;
  }
}

function isNumber(operand: Operand): boolean {
  return operand instanceof WholeFloat || isNumeric(operand);
}

/** The integer that PHP would have here; undefined where it has a float. */
function integerOf(operand: Operand): bigint | undefined {
  if (operand instanceof WholeFloat) return undefined;
  if (typeof operand === 'number') return Number.isSafeInteger(operand) ? BigInt(operand) : undefined;
  if (typeof operand !== 'string') return BigInt(toNumber(operand));
  return wholeNumber(isNumericText(operand) ? operand : (leadingNumberText(operand) ?? ''));
}
