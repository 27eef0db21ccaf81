import { isBuiltInModule } from '../core/document-module.ts';
import type { FieldType, ModuleDefinition } from '../core/module.ts';
import type { FoundRecord } from '../core/query.ts';
import type { RecordImage, RecordValue } from '../core/record.ts';
import { formatDatetime, wireDatetime } from './calendar.ts';
import { parseDecimal, plainText } from './decimal.ts';
import type { QueryAnswer } from './crm.ts';
import { CURRENCY_DECIMALS } from './field-value.ts';

/** A record as web service clients see it: every value is text, an empty one is `""`. */
export type WireRecord = Readonly<Record<string, string>>;

/** Names that every record has on the wire besides the fields of its module; users and groups have an id only. */
const WIRE_FIELDS: readonly string[] = ['createdtime', 'modifiedtime', 'id'];
const IDENTITY_WIRE_FIELDS: readonly string[] = ['id'];

/**
 * The record as web service clients see it: the fields in the module's order, then `createdtime` and `modifiedtime`
 * (`YYYY-MM-DD HH:MM:SS`, UTC) and `id`. With `select` only those fields, in that order, and `id`.
 */
export function toWireRecord(
  module: ModuleDefinition,
  image: RecordImage,
  select: readonly string[] | '*' = '*',
): WireRecord {
  const names = select === '*' ? allNames(module) : [...select, 'id'];
  return Object.fromEntries(names.map((name) => [name, wireField(module, image, name)]));
}

/** A found record as web service clients see it: as `toWireRecord`, with the selected fields behind its references. */
export function toWireRow({ module, select, joined }: QueryAnswer, record: FoundRecord): WireRecord {
  if (joined === undefined || typeof select === 'string') {
    return toWireRecord(module, record, select === 'count' ? '*' : select);
  }
  const values = select.map((name) => {
    const column = joined.get(name);
    if (column === undefined) return [name, wireField(module, record, name)] as const;
    return [column.key, toWireValue(column.type, record.joined?.[name] ?? null)] as const;
  });
  return { ...Object.fromEntries(values), id: record.id };
}

/** One value as text: currency with six decimals, numbers shortest, booleans `1` and `0`, nothing as `""`. */
export function toWireValue(type: FieldType, value: RecordValue): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return wireNumber(value, type === 'currency' ? CURRENCY_DECIMALS : 0);
  return type === 'datetime' ? wireDatetime(value) : value;
}

function allNames(module: ModuleDefinition): readonly string[] {
  const own = module.fields.map((field) => field.name);
  return [...own, ...(isBuiltInModule(module) ? IDENTITY_WIRE_FIELDS : WIRE_FIELDS)];
}

function wireField(module: ModuleDefinition, image: RecordImage, name: string): string {
  if (name === 'id') return image.id;
  if (name === 'createdtime') return wireDatetime(formatDatetime(image.createdAt));
  if (name === 'modifiedtime') return wireDatetime(formatDatetime(image.modifiedAt));
  const type = module.fields.find((field) => field.name === name)?.type ?? 'string';
  return toWireValue(type, image.values[name] ?? null);
}

function wireNumber(value: number, decimals: number): string {
  const decimal = parseDecimal(String(value));
  return decimal === undefined ? '' : plainText(decimal, decimals);
}
