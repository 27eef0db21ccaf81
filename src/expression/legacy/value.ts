import { MapwrightError } from '../../core/error.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { JsonataGuard } from '../jsonata-guard.ts';
import { isNumericText, leadingNumber, numberToLegacyText, wholeNumber } from './number.ts';

/** A value of the legacy language. PHP's arrays are lists or objects. */
export type LegacyValue = Json;

/** PHP's text of a value: true is `1`, false and null are empty, a list is `Array`. */
export function toLegacyText(value: LegacyValue): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return numberToLegacyText(value);
    case 'boolean':
      return value ? '1' : '';
    default:
      return value === null ? '' : 'Array';
  }
}

/** The text of an argument that has to be one; throws EXPRESSION_FAILED for a list. */
export function textArgument(value: LegacyValue | undefined): string {
  if (typeof value !== 'object' || value === null) return toLegacyText(value ?? '');
  throw new MapwrightError('EXPRESSION_FAILED', 'a list is given where a text is needed', {
    hint: "join its members first, as in implode(',', list)",
  });
}

/** Texts in a row; throws EXPRESSION_TOO_LARGE before a text is built that is too long. */
export function joinTexts(guard: JsonataGuard, texts: readonly string[], separator: string): string {
  let length = separator.length * Math.max(0, texts.length - 1);
  for (const text of texts) length += text.length;
  guard.checkLength(length);
  return texts.join(separator);
}

/** PHP's truth: false are `false 0 "" "0" null` and empty lists; a number that is none (`NAN`) is true. */
export function isTruthy(value: LegacyValue): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  if (typeof value === 'number') return value !== 0;
  return value !== '0' && Boolean(value);
}

/** True for numbers and for texts that PHP takes as numbers. */
export function isNumeric(value: LegacyValue): boolean {
  return typeof value === 'number' || (typeof value === 'string' && isNumericText(value));
}

/** The number PHP computes with; throws EXPRESSION_FAILED for text without a leading number and for lists. */
export function toNumber(value: LegacyValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null) return 0;
  const number = typeof value === 'string' ? leadingNumber(value) : undefined;
  if (number !== undefined) return number;
  const shown = typeof value === 'string' ? `the text "${value.slice(0, 40)}"` : 'a list';
  throw new MapwrightError('EXPRESSION_FAILED', `${shown} is not a number`);
}

/** The number of an argument that has to be one: nothing may follow it. Throws EXPRESSION_FAILED. */
export function numberArgument(value: LegacyValue): number {
  if (typeof value !== 'string' || isNumericText(value)) return toNumber(value);
  throw new MapwrightError('EXPRESSION_FAILED', `the text "${value.slice(0, 40)}" is not a number`);
}

/** The number a value stands for, or 0. */
export function numberOrZero(value: LegacyValue): number {
  return isNumeric(value) ? Number(value) : 0;
}

/** PHP 8's loose comparison: negative, zero or positive; NaN when the two cannot be ordered. */
export function compareLoosely(a: LegacyValue, b: LegacyValue): number {
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  if (a === null && typeof b === 'string') return compareTexts('', b);
  if (typeof a === 'string' && b === null) return compareTexts(a, '');
  if (typeof a === 'boolean' || typeof b === 'boolean' || a === null || b === null) {
    return Number(isTruthy(a)) - Number(isTruthy(b));
  }
  if (typeof a === 'object' || typeof b === 'object') return compareLists(a, b);
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(Number(a), Number(b));
  return compareTexts(toLegacyText(a), toLegacyText(b));
}

/** PHP 8's `==`. */
export function equalsLoosely(a: LegacyValue, b: LegacyValue): boolean {
  return compareLoosely(a, b) === 0;
}

/** Not by subtracting: two infinities are equal. */
function compareNumbers(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : a > b ? 1 : Number.NaN;
}

/** Two texts that are numbers compare as numbers: whole ones exactly, and those that no double can tell apart as texts. */
function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  if (!isNumericText(a) || !isNumericText(b)) return compareTexts(a, b);
  const first = Number(a);
  const second = Number(b);
  if (Number.isSafeInteger(first) && Number.isSafeInteger(second)) return compareNumbers(first, second);
  const [firstWhole, secondWhole] = [wholeNumber(a), wholeNumber(b)];
  if (firstWhole !== undefined && secondWhole !== undefined) {
    return firstWhole === secondWhole ? 0 : firstWhole < secondWhole ? -1 : 1;
  }
  if (first !== second) return compareNumbers(first, second);
  const bothBeyond = isWholeText(a) && firstWhole === undefined && isWholeText(b) && secondWhole === undefined;
  return bothBeyond || !Number.isFinite(first) ? compareTexts(a, b) : 0;
}

function isWholeText(text: string): boolean {
  return /^\s*[+-]?\d+\s*$/u.test(text);
}

/** Byte order, which for text beyond the BMP differs from JavaScript's. */
function compareTexts(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** A list is greater than anything else; of two, the longer is, else the first difference decides. */
function compareLists(a: LegacyValue, b: LegacyValue): number {
  const first = membersOf(a);
  const second = membersOf(b);
  if (first === undefined || second === undefined) return first === undefined ? -1 : 1;
  if (first.size !== second.size) return first.size - second.size;
  for (const [name, member] of first) {
    const other = second.get(name);
    if (other === undefined) return Number.NaN;
    const order = compareLoosely(member, other);
    if (order !== 0) return order;
  }
  return 0;
}

function membersOf(value: LegacyValue): ReadonlyMap<string, LegacyValue> | undefined {
  if (!Array.isArray(value) && !isJsonObject(value)) return undefined;
  return new Map(Object.entries<LegacyValue>(value));
}
