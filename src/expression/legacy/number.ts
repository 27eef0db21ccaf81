/** Text that stands for a number, as PHP reads it: blanks around, a sign, a point and an exponent are allowed. */
const NUMERIC = /^[ \t\n\r\v\f]*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[ \t\n\r\v\f]*$/u;
const LEADING_NUMBER = /^[ \t\n\r\v\f]*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/u;
/** No more digits than 64 bits can have. */
const WHOLE = /^[ \t\n\r\v\f]*([+-]?)0*(\d{1,19})[ \t\n\r\v\f]*$/u;

const LEAST_INTEGER = -(2n ** 63n);
const GREATEST_INTEGER = 2n ** 63n - 1n;

/** True for text that PHP takes as a number. */
export function isNumericText(text: string): boolean {
  return NUMERIC.test(text);
}

/** The part of a text that is a number at its start (`12abc` gives `12`); undefined when it starts with none. */
export function leadingNumberText(text: string): string | undefined {
  return LEADING_NUMBER.exec(text)?.[0];
}

/** The number that a text starts with (`12abc` is 12); undefined when it starts with none. */
export function leadingNumber(text: string): number | undefined {
  const found = leadingNumberText(text);
  return found === undefined ? undefined : Number(found);
}

/** The whole number that a text says, where PHP keeps it as one (64 bits); undefined for all other texts. */
export function wholeNumber(text: string): bigint | undefined {
  const match = WHOLE.exec(text);
  if (match === null) return undefined;
  const [, sign, digits = ''] = match;
  const value = sign === '-' ? -BigInt(digits) : BigInt(digits);
  return isInteger64(value) ? value : undefined;
}

/** True where PHP keeps the number as an integer; beyond, it becomes a float. */
export function isInteger64(value: bigint): boolean {
  return value >= LEAST_INTEGER && value <= GREATEST_INTEGER;
}

/** A whole number as a value: text of digits where a double would lose some. It computes and compares as the number. */
export function integerValue(value: bigint): number | string {
  const double = Number(value);
  return Number.isSafeInteger(double) ? double : String(value);
}

/** The number as JSON can have it: what it cannot is its text (`INF`, `NAN`). */
export function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : numberToLegacyText(value);
}

/** What PHP's `intval` makes of a text: the whole part of the number it starts with, at most what 64 bits can hold. */
export function integerOfText(text: string): number | string {
  const found = leadingNumberText(text) ?? '0';
  const exact = wholeNumber(found);
  if (exact !== undefined) return integerValue(exact);
  const number = Number(found);
  if (Math.abs(number) < 2 ** 63) return integerValue(BigInt(Math.trunc(number)));
  return integerValue(number > 0 ? GREATEST_INTEGER : LEAST_INTEGER);
}

const PRECISION = 14;

/** A number as PHP writes it: whole numbers in full, others with 14 significant digits (`0.33333333333333`, `1.0E+25`). */
export function numberToLegacyText(value: number): string {
  if (Number.isSafeInteger(value)) return String(value + 0);
  if (Number.isNaN(value)) return 'NAN';
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF';
  const shortest = String(value);
  const size = Math.abs(value);
  // The shortest text that gives the number back is the rounded one as well when it has no more digits than that.
  if (shortest.length <= PRECISION && size >= 0.0001 && size < 1e14) return shortest;
  return layOut(roundedExponential(value), { from: -4, to: PRECISION, mark: 'E' });
}

/** A number as PHP writes it into JSON: every digit that tells it from others (`0.1`, `1.0e+25`). */
export function numberToJsonText(value: number): string {
  if (Number.isSafeInteger(value)) return String(value + 0);
  const size = Math.abs(value);
  if (size >= 0.0001 && size < 1e15) return String(value);
  return layOut(value.toExponential(), { from: -4, to: 17, mark: 'e' });
}

/** `d.ddde+n` with 14 digits. Where the number lies exactly between two, the even one is taken. */
function roundedExponential(value: number): string {
  const rounded = value.toExponential(PRECISION - 1);
  const exact = value.toExponential(20);
  const rest = exact.slice(exact.indexOf('.') + PRECISION, exact.indexOf('e'));
  if (!/^50*$/u.test(rest)) return rounded;
  const cut = exact.slice(0, exact.indexOf('.') + PRECISION);
  return /[02468]$/u.test(cut) ? cut + exact.slice(exact.indexOf('e')) : rounded;
}

/** Digits and exponent as plain digits where the exponent lies within, else with the exponent written out. */
function layOut(
  exponential: string,
  plain: { readonly from: number; readonly to: number; readonly mark: string },
): string {
  const [mantissa = '', exponentText = '0'] = exponential.split('e');
  const exponent = Number(exponentText);
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace('-', '').replace('.', '').replace(/0+$/u, '') || '0';
  if (exponent < plain.from || exponent >= plain.to) {
    return `${sign}${digits.slice(0, 1)}.${digits.slice(1) || '0'}${plain.mark}${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return sign + whole + (fraction === '' ? '' : `.${fraction}`);
}
