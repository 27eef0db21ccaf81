import { MapwrightError } from '../../../core/error.ts';
import type { JsonataGuard } from '../../jsonata-guard.ts';
import { raise } from '../arithmetic.ts';
import { inDigits, roundHalfUp } from '../rounding.ts';
import {
  compareLoosely,
  isNumeric,
  isTruthy,
  joinTexts,
  type LegacyValue,
  numberArgument,
  numberOrZero,
  toLegacyText,
  toNumber,
} from '../value.ts';
import type { FunctionFamily } from './function.ts';

/** Number functions. */
export const MATH_FUNCTIONS: FunctionFamily = {
  power: ([base = 0, exponent = 0]) => (isTruthy(base) ? raise(base, exponent) : 0),
  log: ([value, base]) => (value === undefined ? 0 : logarithm(numberArgument(value), base)),
  round: ([value, digits = 0]) =>
    value === undefined ? 0 : isNumeric(value) ? roundHalfUp(Number(value), numberArgument(digits)) : value,
  ceil: ([value = 0]) => Math.ceil(numberOrZero(value)) + 0,
  floor: ([value = 0]) => Math.floor(numberOrZero(value)) + 0,
  modulo: ([a = 0, b = 0]) => (isTruthy(b) ? modulo(Math.trunc(toNumber(a)), Math.trunc(toNumber(b))) : 0),
  number_format: (values, { guard }) => (values.length === 0 ? '' : formatNumber(guard, values)),
  average: (values) => average(values),
  min: (values) => extreme(values, -1),
  max: (values) => extreme(values, 1),
};

function logarithm(value: number, base: LegacyValue | undefined): number {
  if (base === undefined) return Math.log(value);
  const divisor = numberArgument(base);
  if (divisor <= 0) throw new MapwrightError('EXPRESSION_FAILED', 'the base of a logarithm must be greater than 0');
  if (divisor === 1) return Number.NaN;
  return divisor === 10 ? Math.log10(value) : divisor === 2 ? Math.log2(value) : Math.log(value) / Math.log(divisor);
}

function modulo(a: number, b: number): number {
  return b === 0 ? 0 : (a % b) + 0;
}

/** As many digits as a number can be written with. */
const MAX_PLACES = 100;

function formatNumber(
  guard: JsonataGuard,
  [value = 0, digits = 0, point = '.', separator = ',']: readonly LegacyValue[],
): string {
  if (typeof value === 'string' && !isNumeric(value)) {
    throw new MapwrightError('EXPRESSION_FAILED', `number_format needs a number, and "${value.slice(0, 40)}" is none`);
  }
  const places = Math.max(0, Math.min(MAX_PLACES, Math.trunc(numberArgument(digits))));
  const number = toNumber(value);
  if (!Number.isFinite(number)) return toLegacyText(number).toLowerCase();
  const rounded = places > 15 ? number : roundHalfUp(number, places);
  const [whole = '0', fraction] = inDigits(Math.abs(rounded), places).split('.');
  const grouped = joinTexts(guard, whole.split(/\B(?=(?:\d{3})+$)/u), toLegacyText(separator));
  const sign = rounded < 0 ? '-' : '';
  return sign + grouped + (fraction === undefined ? '' : toLegacyText(point) + fraction);
}

function average(values: readonly LegacyValue[]): number | null {
  if (values.length === 0 || !values.every(isNumeric)) return null;
  return values.reduce((sum: number, value) => sum + Number(value), 0) / values.length;
}

/** The first of the smallest or greatest; of a single list, that of its members. */
function extreme(values: readonly LegacyValue[], direction: 1 | -1): LegacyValue {
  const [only] = values;
  const candidates: readonly LegacyValue[] =
    values.length === 1 && typeof only === 'object' && only !== null ? Object.values<LegacyValue>(only) : values;
  if (candidates.length === 0) return false;
  return candidates.reduce((best, value) => (compareLoosely(value, best) * direction > 0 ? value : best));
}
