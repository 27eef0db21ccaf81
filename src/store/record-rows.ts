import type { FieldDefinition, ModuleDefinition } from '../core/module.ts';
import { recordNumber, recordPrefix } from '../core/record.ts';
import type { RecordImage, RecordValue, RecordValues } from '../core/record.ts';
import type { RecordWrite } from '../core/unit-of-work.ts';
import { invalidUnit } from './invalid-unit.ts';
import { columnName } from './record-names.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { quoted } from './sql-text.ts';
import type { SqlValue } from './sql-text.ts';
import { storageClassOf } from './storage-class.ts';
import type { StorageClass } from './storage-class.ts';

/** One row of a module's table: number, version, created_at, modified_at, created_by, modified_by, then the fields. */
export type RecordRow = readonly SqlValue[];

export const SYSTEM_COLUMNS = ['number', 'version', 'created_at', 'modified_at', 'created_by', 'modified_by'] as const;

/**
 * The quoted columns of a whole row. Those of fields that the table does not have (`present`) are `NULL`, which happens to
 * readers of an older table.
 */
export function rowColumns(
  dialect: SqlDialect,
  module: ModuleDefinition,
  present: ReadonlyMap<string, unknown>,
): readonly string[] {
  const names = module.fields.map((field) => columnName(field.name));
  const fields = names.map((name) => (present.has(name) ? dialect.identifier(name) : 'NULL'));
  return [...SYSTEM_COLUMNS.map((name) => quoted(name)), ...fields];
}

/** The record that a whole row holds. */
export function imageOf(module: ModuleDefinition, row: RecordRow): RecordImage {
  const [number, version, createdAt, modifiedAt, createdBy, modifiedBy, ...fields] = row;
  const entries = module.fields.map((field, index): [string, RecordValue] => {
    const value = fields[index] ?? null;
    return [field.name, storageClassOf(field) === 'boolean' && value !== null ? value !== 0 : value];
  });
  return {
    id: `${module.prefix}x${number}`,
    module: module.name,
    version: Number(version),
    values: Object.fromEntries(entries),
    createdAt: Number(createdAt),
    modifiedAt: Number(modifiedAt),
    createdBy: String(createdBy),
    modifiedBy: String(modifiedBy),
  };
}

/** The values of a record as a row holds them, in the order of the module's fields. */
export function storedValues(module: ModuleDefinition, values: RecordValues): SqlValue[] {
  return module.fields.map((field) => {
    const value = keptValue(values, field.name);
    return typeof value === 'boolean' ? Number(value) : value;
  });
}

/** The record as a write leaves it; `before` is what it was, undefined for one that was not there. */
export function imageAfter(
  module: ModuleDefinition,
  write: RecordWrite,
  params: { readonly before: RecordImage | undefined; readonly at: number },
): RecordImage {
  const { before, at } = params;
  return {
    id: write.id,
    module: write.module,
    version: write.basedOn + 1,
    values: Object.fromEntries(module.fields.map(({ name }) => [name, keptValue(write.values, name)])),
    createdAt: before?.createdAt ?? write.createdAt ?? at,
    modifiedAt: at,
    createdBy: before?.createdBy ?? write.actor.user,
    modifiedBy: write.actor.user,
  };
}

/** The number of the record, once it is certain that the module's table can hold the write. Throws STORE_UNIT_INVALID. */
export function requireWritable(module: ModuleDefinition, write: RecordWrite): number {
  const number = recordNumber(write.id);
  if (number === undefined || recordPrefix(write.id) !== module.prefix) {
    throw invalidUnit(`${write.id} is no id of module ${write.module}.`);
  }
  if ((write.kind === 'create') !== (write.basedOn === 0)) {
    throw invalidUnit(`A creation, and nothing else, is based on version 0; this is: ${write.kind} ${write.id}.`);
  }
  for (const [name, value] of Object.entries(write.values)) {
    if (canHold(module, name, value)) continue;
    if (kindsOf(module).has(name))
      throw invalidUnit(`Field ${name} of ${write.id} cannot hold such a ${typeof value}.`);
    throw invalidUnit(`Module ${write.module} has no field ${name}.`);
  }
  return number;
}

/** True when the module has such a field and its column can hold the value. */
export function canHold(module: ModuleDefinition, name: string, value: RecordValue): boolean {
  const kind = kindsOf(module).get(name);
  return kind !== undefined && (value === null || HOLDS[kind](value));
}

/** Not every database tells -0 from 0. */
function keptValue(values: RecordValues, name: string): RecordValue {
  const value = values[name] ?? null;
  return value === 0 ? 0 : value;
}

/** A field of ids has an index, which takes no long text. */
type Kind = StorageClass | 'id';

const kinds = new WeakMap<ModuleDefinition, ReadonlyMap<string, Kind>>();

function kindsOf(module: ModuleDefinition): ReadonlyMap<string, Kind> {
  const known = kinds.get(module);
  if (known !== undefined) return known;
  const made = new Map(module.fields.map((field) => [field.name, kindOf(field)]));
  kinds.set(module, made);
  return made;
}

function kindOf(field: FieldDefinition): Kind {
  return field.type === 'reference' || field.type === 'owner' ? 'id' : storageClassOf(field);
}

const LONGEST_ID = 255;

/** Texts with U+0000 and numbers of more than 64 bits are none that every database keeps. */
const HOLDS: Readonly<Record<Kind, (value: RecordValue) => boolean>> = {
  text: isText,
  id: (value) => isText(value) && value.length <= LONGEST_ID,
  integer: (value) => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 63,
  real: (value) => Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
};

function isText(value: RecordValue): value is string {
  return typeof value === 'string' && !value.includes('\u0000');
}
