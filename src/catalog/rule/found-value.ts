import type { Json } from '../../core/json.ts';
import type { RecordGift } from '../../document/rule/record-search.ts';
import type { LegacyModule, LegacyRow } from '../../expression/legacy/services.ts';
import { typedValue } from '../typed-value.ts';

/** Times that every record has besides its fields. */
const TIMES: ReadonlySet<string> = new Set(['createdtime', 'modifiedtime']);

/** A value of a found record as native expressions see it; undefined when it has no such field. */
export function columnValue(row: LegacyRow, field: string, { fields }: LegacyModule): Json | undefined {
  if (field === 'id') return row.id;
  const text = Object.hasOwn(row.fields, field) ? row.fields[field] : undefined;
  const type = TIMES.has(field) ? 'datetime' : fields.get(field)?.type;
  return text === undefined ? undefined : typedValue(type, text);
}

/** What a found record gives. */
export function giftOf(row: LegacyRow, gives: RecordGift, module: LegacyModule): Json {
  switch (gives.kind) {
    case 'id':
      return row.id;
    case 'field':
      return columnValue(row, gives.field.value, module) ?? null;
    case 'fields':
      return Object.fromEntries(
        gives.fields.map(({ value }): [string, Json] => [value, columnValue(row, value, module) ?? null]),
      );
  }
}
