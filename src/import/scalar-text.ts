import type { Json } from '../core/json.ts';

/**
 * A text, a number or a truth value as text; undefined for everything else. What stands in place of a text in a description
 * can be anything: an object whose `toString` is no function cannot be made one, and no object says anything as one.
 */
export function scalarText(value: Json | undefined): string | undefined {
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
}
