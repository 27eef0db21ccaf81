import type { FieldDefinition, FieldType } from '../core/module.ts';
import type { RecordValue } from '../core/record.ts';

/** How a field's values are kept. */
export type StorageClass = 'text' | 'integer' | 'real' | 'boolean';

const CLASSES: Readonly<Record<FieldType, StorageClass>> = {
  string: 'text',
  text: 'text',
  integer: 'integer',
  number: 'real',
  currency: 'real',
  boolean: 'boolean',
  date: 'text',
  datetime: 'text',
  time: 'text',
  email: 'text',
  phone: 'text',
  url: 'text',
  picklist: 'text',
  multipicklist: 'text',
  reference: 'text',
  owner: 'text',
  file: 'text',
};

/** The storage class of a field. */
export function storageClassOf(field: FieldDefinition): StorageClass {
  return CLASSES[field.type];
}

/** True when lists are often narrowed by this field, so that it is worth an index. */
export function isIndexed(field: FieldDefinition, title: string): boolean {
  return field.name === title || field.type === 'reference' || field.type === 'owner';
}

/** True for a title that may be a text of any length, which not every database takes whole into an index. */
export function isLongTitle(field: FieldDefinition, title: string): boolean {
  if (field.name !== title || field.type === 'reference' || field.type === 'owner') return false;
  return storageClassOf(field) === 'text';
}

/** A value to compare a field of this class with; undefined when no such field can hold it. */
export function comparable(value: RecordValue, as: StorageClass): string | number | null | undefined {
  if (value === null) return null;
  if (as === 'text') return typeof value === 'boolean' ? (value ? '1' : '0') : possibleText(String(value));
  if (as === 'boolean') return BOOLEANS.get(String(value).toLowerCase());
  if (typeof value === 'string' && value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Texts with U+0000 are taken by no field: not every database keeps them. */
function possibleText(text: string): string | undefined {
  return text.includes('\u0000') ? undefined : text;
}

const BOOLEANS: ReadonlyMap<string, number> = new Map([
  ['true', 1],
  ['1', 1],
  ['false', 0],
  ['0', 0],
]);
