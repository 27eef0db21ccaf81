import type { StoredDocument } from '../../core/document-store.ts';
import type { FieldDefinition, FieldType, ModuleDefinition } from '../../core/module.ts';
import { columnName, tableName } from '../record-names.ts';
import type { SqliteDatabase } from '../sqlite/database.ts';
import { sourceColumns, sourceTables } from './source-rows.ts';

/** The modules that a list of documents defines. */
export type ModulesOf = (documents: readonly StoredDocument[]) => Iterable<ModuleDefinition>;

/**
 * Every module that has a table, with every field that has a column: tables and columns stay when documents change, so
 * the newest revision that names one tells what it is.
 */
export function modulesWithTables(sqlite: SqliteDatabase, modulesOf: ModulesOf): readonly ModuleDefinition[] {
  const missing = missingColumns(sqlite);
  const found = new Map<string, ModuleDefinition>();
  for (const revision of revisionNumbers(sqlite)) {
    if (missing.size === 0) break;
    for (const module of modulesOf(documentsOf(sqlite, revision))) addModule(found, missing, module);
  }
  for (const [table, columns] of missing) addModule(found, missing, unnamedModule(table, columns));
  return [...found.values()];
}

/** The columns of fields, with their SQL types, by the tables of modules. */
type MissingColumns = Map<string, Map<string, string>>;

function missingColumns(sqlite: SqliteDatabase): MissingColumns {
  const tables = sourceTables(sqlite).filter((name) => name.startsWith('m_'));
  return new Map(tables.map((table) => [table, fieldColumns(sqlite, table)]));
}

function fieldColumns(sqlite: SqliteDatabase, table: string): Map<string, string> {
  const columns = sourceColumns(sqlite, table).filter(({ name }) => name.startsWith('f_'));
  return new Map(columns.map(({ name, type }) => [name, type]));
}

function addModule(found: Map<string, ModuleDefinition>, missing: MissingColumns, module: ModuleDefinition): void {
  const table = tableName(module);
  const columns = missing.get(table);
  if (columns === undefined) return;
  const known = found.get(module.name) ?? { ...module, fields: [] };
  const added = module.fields.filter(({ name }) => columns.delete(columnName(name)));
  found.set(module.name, { ...known, fields: [...known.fields, ...added] });
  if (columns.size === 0) missing.delete(table);
}

const FIELD_TYPES: Readonly<Record<string, FieldType>> = { INTEGER: 'integer', REAL: 'number' };

/** What no stored revision names: kept as the texts and numbers that the columns hold. */
function unnamedModule(table: string, columns: ReadonlyMap<string, string>): ModuleDefinition {
  const name = table.slice(2);
  const fields = [...columns].map(([column, type]): FieldDefinition => {
    const field = column.slice(2);
    return { name: field, label: field, type: FIELD_TYPES[type] ?? 'string', mandatory: false, readOnly: true };
  });
  return { name, label: name, prefix: '', title: '', fields };
}

function revisionNumbers(sqlite: SqliteDatabase): readonly number[] {
  const rows = sqlite.prepare<[], { number: number }>('SELECT number FROM revisions ORDER BY number DESC').all();
  return rows.map(({ number }) => number);
}

function documentsOf(sqlite: SqliteDatabase, revision: number): readonly StoredDocument[] {
  return sqlite
    .prepare<[number], StoredDocument>(
      `SELECT kind, name, file, blobs.text AS text FROM revision_documents
       JOIN blobs ON blobs.hash = revision_documents.text WHERE revision = ? AND kind = 'module' ORDER BY position`,
    )
    .all(revision);
}
