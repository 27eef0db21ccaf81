import type { Json } from '../core/json.ts';

/**
 * A value as text: numbers in their shortest form, without an exponent below 1e21 in size; null and undefined empty;
 * lists and objects as JSON.
 */
export function toPlainText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  return typeof value === 'boolean' ? String(value) : JSON.stringify(value);
}

/** JavaScript writes numbers below 1e-6 with an exponent; this moves the point instead. */
function numberText(value: number): string {
  const text = String(value);
  const [, sign = '', digits = '', fraction = '', exponent] = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/u.exec(text) ?? [];
  if (exponent === undefined) return text;
  return `${sign}0.${'0'.repeat(Number(exponent) - 1)}${digits}${fraction}`;
}
