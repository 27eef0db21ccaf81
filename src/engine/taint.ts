import type { Json } from '../core/json.ts';
import type { Redactor } from '../core/redactor.ts';

/** Hides the value from now on, or every text and number in it. */
export function taint(redactor: Redactor, value: Json | undefined): void {
  if (typeof value === 'string') redactor.add(value);
  else if (typeof value === 'number') redactor.add(String(value));
  else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) taint(redactor, member);
  }
}
