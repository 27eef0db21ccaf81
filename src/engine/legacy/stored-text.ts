import type { FieldDefinition, FieldType, ModuleDefinition } from '../../core/module.ts';
import type { RecordImage, RecordValue, RecordValues } from '../../core/record.ts';
import type { LegacyRow } from '../../expression/legacy/services.ts';

/** A stored value as the original's database gives it. */
export function storedText(value: RecordValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}

/** All values of a record as the original's database gives them, dates with a time without their zone. */
export function storedTexts(
  values: RecordValues,
  fields: readonly FieldDefinition[],
): Readonly<Record<string, string>> {
  const types = new Map(fields.map(({ name, type }) => [name, type]));
  const texts = Object.entries(values).map(([name, value]) => [name, typedText(value, types.get(name))]);
  return Object.fromEntries(texts);
}

function typedText(value: RecordValue, type: FieldType | undefined): string {
  // A checkbox that was never touched is off.
  if (type === 'boolean' && value === null) return '0';
  const text = storedText(value);
  return type === 'datetime' ? withoutZone(text) : text;
}

/** A record as the language sees stored ones: the fields of its module, and when it was made and changed. */
export function rowOf(
  { id, module, values, createdAt, modifiedAt }: RecordImage,
  { fields }: ModuleDefinition,
): LegacyRow {
  const given = Object.fromEntries(fields.map(({ name }) => [name, values[name] ?? null]));
  const times = { createdtime: dateAndTime(createdAt), modifiedtime: dateAndTime(modifiedAt) };
  return { id, module, fields: { ...times, ...storedTexts(given, fields) } };
}

/** `2025-03-14T10:20:30Z` -> `2025-03-14 10:20:30` */
function withoutZone(text: string): string {
  return text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z$/u, '$1 $2');
}

function dateAndTime(at: number): string {
  return withoutZone(`${new Date(at).toISOString().slice(0, 19)}Z`);
}
