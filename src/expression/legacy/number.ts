const NUMERIC = /^[ \t\n\r\v\f]*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[ \t\n\r\v\f]*$/u;
const LEADING_NUMBER = /^[ \t\n\r\v\f]*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/u;
const LEADING_INTEGER = /^[ \t\n\r\v\f]*[+-]?\d+/u;

/** True for text that PHP takes as a number: blanks around, a sign, a point and an exponent are allowed. */
export function isNumericText(text: string): boolean {
  return NUMERIC.test(text);
}

/** The number that a text starts with (`12abc` is 12); undefined when it starts with none. */
export function leadingNumber(text: string): number | undefined {
  const match = LEADING_NUMBER.exec(text);
  return match === null ? undefined : Number(match[0]);
}

/** The whole part of the number that a text starts with, 0 when it starts with none. */
export function leadingInteger(text: string): number {
  const match = LEADING_NUMBER.exec(text) ?? LEADING_INTEGER.exec(text);
  return match === null ? 0 : Math.trunc(Number(match[0])) + 0;
}

const PRECISION = 14;

/** A number as PHP writes it: whole numbers in full, others with 14 significant digits. */
export function numberToLegacyText(value: number): string {
  if (Number.isNaN(value)) return 'NAN';
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF';
  if (Number.isSafeInteger(value)) return String(value + 0);
  const [mantissa = '', exponentText = '0'] = value.toExponential(PRECISION - 1).split('e');
  const exponent = Number(exponentText);
  if (exponent < -5 || exponent >= PRECISION + 1) {
    const digits = mantissa.replace(/\.?0+$/u, '');
    const withPoint = digits.includes('.') ? digits : `${digits}.0`;
    return `${withPoint}E${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
  }
  const fixed = value.toFixed(Math.max(0, PRECISION - 1 - exponent));
  return fixed.includes('.') ? fixed.replace(/\.?0+$/u, '') : fixed;
}
