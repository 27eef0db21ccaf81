import type { Json } from '../../core/json.ts';

/** JSON as PHP's json_encode writes it by default: `/` and everything outside ASCII escaped, no blanks. */
export function phpJson(value: Json): string {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
