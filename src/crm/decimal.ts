/** A decimal number exactly: `digits` x 10^`exponent`; digits without leading and trailing zeros, empty for zero. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const DECIMAL = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,3}))?$/u;
const LONGEST_TEXT = 100;

/** Reads `12.50`, `-3`, `.5` or `1e3`; undefined for anything else, and for text of more than 100 characters. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = text.length <= LONGEST_TEXT ? DECIMAL.exec(text) : null;
  const whole = match?.[2] ?? '';
  const fraction = match?.[3] ?? '';
  if (whole + fraction === '') return undefined;
  const padded = (whole + fraction).replace(/^0+/u, '');
  const digits = padded.replace(/0+$/u, '');
  if (digits === '') return { negative: false, digits: '', exponent: 0 };
  const exponent = Number(match?.[4] ?? 0) - fraction.length + (padded.length - digits.length);
  return { negative: match?.[1] === '-', digits, exponent };
}

/** The number without an exponent sign: `12.5`; with at least `decimals` digits after the point: `12.500000`. */
export function plainText(decimal: Decimal, decimals = 0): string {
  const { digits, exponent } = decimal;
  const all = exponent >= 0 ? digits + '0'.repeat(exponent) : digits.padStart(1 - exponent, '0');
  const split = exponent >= 0 ? all.length : all.length + exponent;
  const fraction = all.slice(split).padEnd(decimals, '0');
  const whole = all.slice(0, split) || '0';
  return `${decimal.negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
