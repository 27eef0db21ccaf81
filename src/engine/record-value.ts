import type { Json } from '../core/json.ts';
import type { RecordValue } from '../core/record.ts';

/** Lists and objects are stored as JSON text. */
export function asRecordValue(value: Json): RecordValue {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}
