import type { Json } from '../../../src/core/json.ts';
import { promise } from '../area.ts';

const LARGEST_RESULT = 32 * 1024 * 1024;

/** The value as JSON text, after it was found to be JSON of a size that can be kept. */
export function checkValue(value: Json | undefined): string | undefined {
  const written = JSON.stringify(value);
  promise(written === undefined || written.length < LARGEST_RESULT, () => `a value of ${written?.length} characters`);
  promise(value === undefined || isJson(value), () => `a value that is no JSON: ${written?.slice(0, 500)}`);
  return written;
}

/** True for what JSON has: no INF, no NaN, no functions, nothing undefined. */
export function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  return (Array.isArray(value) ? value : Object.values(value)).every(isJson);
}
