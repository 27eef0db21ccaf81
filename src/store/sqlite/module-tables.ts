import { MapwrightError } from '../../core/error.ts';
import type { FieldDefinition, ModuleDefinition } from '../../core/module.ts';
import { isIndexed, storageClassOf } from '../storage-class.ts';
import type { StorageClass } from '../storage-class.ts';
import type { SqliteDatabase } from './database.ts';
import { columnOf, indexOf, quoted, tableName } from './record-names.ts';

const SQL_TYPES: Readonly<Record<StorageClass, string>> = {
  text: 'TEXT',
  integer: 'INTEGER',
  real: 'REAL',
  boolean: 'INTEGER',
};

const SYSTEM_COLUMNS = [
  '"number" INTEGER PRIMARY KEY',
  '"version" INTEGER NOT NULL',
  '"created_at" INTEGER NOT NULL',
  '"modified_at" INTEGER NOT NULL',
  '"created_by" TEXT NOT NULL',
  '"modified_by" TEXT NOT NULL',
];

/**
 * Makes the module's table fit: adds the table, columns and indexes that are missing, drops nothing.
 * Throws STORE_FIELD_TYPE_CHANGED, or STORE_NAME_CLASH when names differ by letter case alone.
 */
export function prepareModuleTable(db: SqliteDatabase, module: ModuleDefinition): void {
  const table = quoted(tableName(module));
  const columns = requireFittingTable(db, module);
  if (columns.size === 0) {
    const all = [...SYSTEM_COLUMNS, ...module.fields.map(columnDefinition)];
    db.exec(`CREATE TABLE ${table} (${all.join(', ')}) STRICT`);
  } else {
    for (const field of missingFields(module, columns))
      db.exec(`ALTER TABLE ${table} ADD COLUMN ${columnDefinition(field)}`);
  }
  db.exec(`CREATE INDEX IF NOT EXISTS ${indexOf(module, undefined)} ON ${table} ("modified_at")`);
  for (const field of indexedFields(module)) {
    db.exec(`CREATE INDEX IF NOT EXISTS ${indexOf(module, field)} ON ${table} (${columnOf(field.name)})`);
  }
}

/**
 * The columns that the module's table has, once it is certain that the module fits them.
 * Throws STORE_FIELD_TYPE_CHANGED or STORE_NAME_CLASH.
 */
export function requireFittingTable(db: SqliteDatabase, module: ModuleDefinition): ReadonlyMap<string, string> {
  requireDistinctTable(db, module);
  const columns = columnTypes(db, module);
  for (const field of module.fields) requireSameType(module, field, columns);
  requireDistinctFields(module, columns);
  return columns;
}

/** The fields that the table has no column for. */
export function missingFields(
  module: ModuleDefinition,
  columns: ReadonlyMap<string, string>,
): readonly FieldDefinition[] {
  return module.fields.filter((field) => !columns.has(`f_${field.name}`));
}

/** The fields that have an index. */
export function indexedFields(module: ModuleDefinition): readonly FieldDefinition[] {
  return module.fields.filter((field) => isIndexed(field, module.title));
}

/** The columns that the module's table has, with their SQL types; none when there is no table. */
export function columnTypes(db: SqliteDatabase, module: ModuleDefinition): ReadonlyMap<string, string> {
  const rows = db
    .prepare<[string], { name: string; type: string }>('SELECT name, type FROM pragma_table_info(?)')
    .all(tableName(module));
  return new Map(rows.map((row) => [row.name, row.type]));
}

function columnDefinition(field: FieldDefinition): string {
  return `${columnOf(field.name)} ${SQL_TYPES[storageClassOf(field)]}`;
}

function requireSameType(module: ModuleDefinition, field: FieldDefinition, columns: ReadonlyMap<string, string>): void {
  const type = columns.get(`f_${field.name}`);
  const wanted = SQL_TYPES[storageClassOf(field)];
  if (type === undefined || type === wanted) return;
  throw new MapwrightError(
    'STORE_FIELD_TYPE_CHANGED',
    `Field ${field.name} of module ${module.name} is stored as ${type}; type ${field.type} would need ${wanted}.`,
    { hint: 'Give the field its old type back, or add a field with a new name and copy the values over.' },
  );
}

/** SQLite takes `Name` and `name` for one column. */
function requireDistinctFields(module: ModuleDefinition, columns: ReadonlyMap<string, string>): void {
  const seen = new Map([...columns.keys()].map((column) => [column.slice(2).toLowerCase(), column.slice(2)]));
  for (const { name } of module.fields) {
    const other = seen.get(name.toLowerCase()) ?? name;
    if (other !== name) throw clash(`Module ${module.name} has, or once had, a field ${other}; ${name} is too near.`);
    seen.set(name.toLowerCase(), name);
  }
}

function requireDistinctTable(db: SqliteDatabase, module: ModuleDefinition): void {
  const name = tableName(module);
  const found = db
    .prepare<[string], { name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE ? ESCAPE '\\'",
    )
    .get(name.replaceAll('_', '\\_'));
  if (found !== undefined && found.name !== name) {
    throw clash(`There is, or once was, a module ${found.name.slice(2)}; ${module.name} is too near.`);
  }
}

function clash(message: string): MapwrightError {
  return new MapwrightError('STORE_NAME_CLASH', message, {
    hint: 'The database does not tell names apart by letter case: choose another name.',
  });
}
