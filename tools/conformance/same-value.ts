import { isJsonObject, type Json } from '../../src/core/json.ts';

const TOLERANCE = 1e-9;

/**
 * True when two values say the same: numbers within 1e-9, members in any order; PHP has one empty array, so `[]` is `{}`.
 * A whole number too great for JavaScript is text here, with all its digits; the one in the file lost some when it was read.
 */
export function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  if (typeof a === 'number' && typeof b === 'number') return sameNumber(a, b);
  if (typeof a === 'number' && typeof b === 'string') return keepsDigits(b, a);
  if (typeof a === 'string' && typeof b === 'number') return keepsDigits(a, b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const first = members(a);
  const second = members(b);
  if (first.size !== second.size) return false;
  if (first.size > 0 && Array.isArray(a) !== Array.isArray(b)) return false;
  return [...first].every(([name, value]) => second.has(name) && sameValue(value, second.get(name)));
}

function sameNumber(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b));
}

function keepsDigits(text: string, read: number): boolean {
  return /^-?\d+$/u.test(text) && !Number.isSafeInteger(read) && Number(text) === read;
}

function members(value: Json): ReadonlyMap<string, Json> {
  return new Map(Array.isArray(value) || isJsonObject(value) ? Object.entries<Json>(value) : []);
}
