import { MapwrightError } from '../core/error.ts';
import type { Json } from '../core/json.ts';
import type { WhenEmpty } from '../document/map.ts';

/**
 * What becomes of a value when it is empty; undefined: it is left out. Throws PARAMETER_EMPTY.
 * @param what for people: `parameter "customer"`
 */
export function applyEmptyRule(value: Json, rule: WhenEmpty, what: string): Json | undefined {
  if (value !== null && value !== '') return value;
  if (rule === 'send') return value;
  if (rule === 'omit') return undefined;
  if (rule === 'null') return null;
  throw new MapwrightError('PARAMETER_EMPTY', `${what} is empty and must not be`, {
    hint: 'fill the field it comes from, or say when-empty="send" if empty is allowed',
  });
}
