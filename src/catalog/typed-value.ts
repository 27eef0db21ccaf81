import type { Json } from '../core/json.ts';
import type { FieldType } from '../core/module.ts';
import type { LegacyFieldType } from '../expression/legacy/services.ts';

/** What a field holds, by either of the lists of types. */
export type ValueType = FieldType | LegacyFieldType;

/**
 * A field's value as expressions of native documents see it, of the text that the database of coreBOS would hold: numbers
 * and truths are none any more, times are `2025-03-14T10:20:30Z`, and what is empty and no text is null. A text that does not
 * fit its type stays, and so does what is no text.
 */
export function typedValue(type: ValueType | undefined, value: Json): Json {
  if (typeof value !== 'string') return value;
  switch (type) {
    case 'integer':
    case 'number':
    case 'currency':
      return value === '' ? null : (exactNumber(value) ?? value);
    case 'boolean':
      return value === '' ? null : (TRUTHS.get(value) ?? value);
    case 'date':
    case 'time':
      return value === '' ? null : value;
    case 'datetime':
      return value === '' ? null : value.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/u, '$1T$2Z');
    default:
      return value;
  }
}

const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
]);

/** Undefined for a text that is no number, or whose digits would not all be kept. */
function exactNumber(text: string): number | undefined {
  if (!/^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/iu.test(text)) return undefined;
  const number = Number(text);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? undefined : number;
}
