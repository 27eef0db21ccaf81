import { MapwrightError } from '../../../core/error.ts';
import type { JsonataGuard } from '../../jsonata-guard.ts';
import {
  compareLoosely,
  isNumeric,
  isTruthy,
  joinTexts,
  type LegacyValue,
  numberOrZero,
  toLegacyText,
  toNumber,
} from '../value.ts';
import type { FunctionFamily } from './function.ts';

/** Number functions. */
export const MATH_FUNCTIONS: FunctionFamily = {
  power: ([base = 0, exponent = 0]) => (isTruthy(base) ? toNumber(base) ** toNumber(exponent) : 0),
  log: ([value, base]) => (value === undefined ? 0 : logarithm(toNumber(value), base)),
  round: ([value, digits = 0]) =>
    value === undefined ? 0 : isNumeric(value) ? roundHalfUp(Number(value), toNumber(digits)) : value,
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
  const divisor = toNumber(base);
  return divisor === 10 ? Math.log10(value) : divisor === 2 ? Math.log2(value) : Math.log(value) / Math.log(divisor);
}

/** Half away from zero, on the decimal digits that are shown (PHP pre-rounds to 15 significant digits). */
function roundHalfUp(value: number, digits: number): number {
  const places = Math.max(-15, Math.min(15, Math.trunc(digits)));
  const shifted = Number((Math.abs(value) * 10 ** places).toPrecision(15));
  if (!Number.isFinite(shifted)) return value;
  return Number(`${Math.sign(value) * Math.floor(shifted + 0.5)}e${-places}`) + 0;
}

function modulo(a: number, b: number): number {
  return b === 0 ? 0 : (a % b) + 0;
}

function formatNumber(
  guard: JsonataGuard,
  [value = 0, digits = 0, point = '.', separator = ',']: readonly LegacyValue[],
): string {
  if (!isNumeric(value)) throw new MapwrightError('EXPRESSION_FAILED', 'number_format needs a number');
  const places = Math.max(0, Math.min(15, Math.trunc(toNumber(digits))));
  const rounded = roundHalfUp(Number(value), places);
  const [whole = '0', fraction] = Math.abs(rounded).toFixed(places).split('.');
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
