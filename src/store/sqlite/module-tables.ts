import type { FieldDefinition, ModuleDefinition } from '../../core/module.ts';
import type { ModulePreview } from '../../core/record-store.ts';
import { indexedFields, missingFields, previewFit, requireFit } from '../module-fit.ts';
import type { ExistingTable } from '../module-fit.ts';
import { columnName, indexName, tableName } from '../record-names.ts';
import { quoted } from '../sql-text.ts';
import { storageClassOf } from '../storage-class.ts';
import type { SqliteDatabase } from './database.ts';
import { SQLITE } from './sqlite-dialect.ts';

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
  const existing = existingTable(db, module);
  requireFit(SQLITE, module, existing);
  if (existing.columns.size === 0) {
    const all = [...SYSTEM_COLUMNS, ...module.fields.map(columnDefinition)];
    db.exec(`CREATE TABLE ${table} (${all.join(', ')}) STRICT`);
  } else {
    for (const field of missingFields(module, existing.columns))
      db.exec(`ALTER TABLE ${table} ADD COLUMN ${columnDefinition(field)}`);
  }
  db.exec(`CREATE INDEX IF NOT EXISTS ${quoted(indexName(module, undefined))} ON ${table} ("modified_at")`);
  for (const field of indexedFields(module)) {
    const column = quoted(columnName(field.name));
    db.exec(`CREATE INDEX IF NOT EXISTS ${quoted(indexName(module, field))} ON ${table} (${column})`);
  }
}

/** What preparing the module's table would add, or why it would be refused. */
export function previewModuleTable(db: SqliteDatabase, module: ModuleDefinition): ModulePreview {
  const rows = db.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'index'").all();
  const indexes = new Set(rows.map(({ name }) => name));
  return previewFit(SQLITE, module, {
    ...existingTable(db, module),
    hasIndex: (field) => indexes.has(indexName(module, field)),
  });
}

/** The columns that the module's table has, with their SQL types; none when there is no table. */
export function columnTypes(db: SqliteDatabase, module: ModuleDefinition): ReadonlyMap<string, string> {
  const rows = db
    .prepare<[string], { name: string; type: string }>('SELECT name, type FROM pragma_table_info(?)')
    .all(tableName(module));
  return new Map(rows.map((row) => [row.name, row.type]));
}

function columnDefinition(field: FieldDefinition): string {
  return `${quoted(columnName(field.name))} ${SQLITE.types[storageClassOf(field)]}`;
}

function existingTable(db: SqliteDatabase, module: ModuleDefinition): ExistingTable {
  const name = tableName(module);
  const found = db
    .prepare<[string], { name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE ? ESCAPE '\\'",
    )
    .get(name.replaceAll('_', '\\_'));
  const rival = found === undefined || found.name === name ? undefined : found.name;
  return { columns: columnTypes(db, module), rival };
}
