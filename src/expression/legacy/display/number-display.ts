import { isNumericText } from '../number.ts';
import type { LegacyPreferences } from '../services.ts';

/** How a number is written. */
type NumberStyle = Pick<LegacyPreferences, 'decimalSeparator' | 'groupingSeparator' | 'decimals'>;

const PLAIN_DECIMAL = /^\s*([+-]?)(\d*)(?:\.(\d*))?\s*$/u;

/** `3045164.000000` as `3.045.164,00`: rounded half away from zero, in groups of three. What is no number is kept. */
export function showNumber(stored: string, style: NumberStyle): string {
  if (!isNumericText(stored)) return stored;
  const { negative, whole, fraction } = roundDecimal(plainDecimal(stored), style.decimals);
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/gu, () => style.groupingSeparator);
  const shown = fraction === '' ? grouped : grouped + (style.decimalSeparator || '.') + fraction;
  return negative && /[1-9]/u.test(shown) ? `-${shown}` : shown;
}

/** `3.045.164,00` as `3045164.00`; undefined when it is no number. What is stored already so is kept. */
export function readShownNumber(shown: string, style: NumberStyle): string | undefined {
  const text = shown.trim();
  const { groupingSeparator: group, decimalSeparator: point } = style;
  // A point that stands for thousands is believed only where thousands stand, so that a stored "12.5" is kept.
  const asStored = isNumericText(text) && !(group === '.' && isGrouped(text));
  const plain = asStored ? text : readSeparators(text, group, point || '.');
  return plain !== undefined && isNumericText(plain) ? plain : undefined;
}

function isGrouped(text: string): boolean {
  return /^[+-]?\d{1,3}(?:\.\d{3})+$/u.test(text);
}

function readSeparators(text: string, group: string, point: string): string {
  const ungrouped = (group === '' ? text : text.replaceAll(group, '')).replaceAll(/[\u00a0\u202f ]/gu, '');
  return point === '.' ? ungrouped : ungrouped.replace(point, '.');
}

interface Decimal {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

/** The digits as they stand, so that amounts beyond 15 digits lose nothing; an exponent costs that exactness. */
function plainDecimal(text: string): Decimal {
  const [, sign = '', whole = '', fraction = ''] =
    PLAIN_DECIMAL.exec(text) ?? PLAIN_DECIMAL.exec(withoutExponent(Number(text))) ?? [];
  return { negative: sign === '-', whole: whole.replace(/^0+(?=\d)/u, '') || '0', fraction };
}

function withoutExponent(value: number): string {
  if (!Number.isFinite(value)) return '0';
  return Math.abs(value) >= 1e21 ? BigInt(value).toString() : value.toFixed(20);
}

function roundDecimal(value: Decimal, decimals: number): Decimal {
  const kept = value.fraction.slice(0, decimals).padEnd(decimals, '0');
  const up = (value.fraction[decimals] ?? '0') >= '5';
  const digits = (BigInt(value.whole + kept) + (up ? 1n : 0n)).toString().padStart(decimals + 1, '0');
  const split = digits.length - decimals;
  return { negative: value.negative, whole: digits.slice(0, split), fraction: digits.slice(split) };
}
