import type { FieldDefinition, ModuleDefinition } from '../../core/module.ts';
import type { ModulePreview } from '../../core/record-store.ts';
import { indexedFields, missingFields, previewFit, requireFit } from '../module-fit.ts';
import type { ExistingTable } from '../module-fit.ts';
import { columnName, indexName, tableName } from '../record-names.ts';
import { quoted } from '../sql-text.ts';
import { isLongTitle, storageClassOf } from '../storage-class.ts';
import type { Session } from './database.ts';
import { indexedPart, POSTGRES, shortName } from './postgres-dialect.ts';

const SYSTEM_COLUMNS = [
  '"number" bigint PRIMARY KEY',
  '"version" bigint NOT NULL',
  '"created_at" bigint NOT NULL',
  '"modified_at" bigint NOT NULL',
  '"created_by" text COLLATE "C" NOT NULL',
  '"modified_by" text COLLATE "C" NOT NULL',
];

/**
 * Makes the module's table fit: adds the table, columns and indexes that are missing, drops nothing; nothing is locked when
 * nothing is missing. Throws STORE_FIELD_TYPE_CHANGED, or STORE_NAME_CLASH when names differ by letter case alone.
 */
export async function prepareModuleTable(session: Session, module: ModuleDefinition): Promise<void> {
  const table = POSTGRES.identifier(tableName(module));
  const existing = await existingTable(session, module);
  requireFit(POSTGRES, module, existing);
  const isNew = existing.columns.size === 0;
  if (isNew) {
    const all = [...SYSTEM_COLUMNS, ...module.fields.map(columnDefinition)];
    await session.run(`CREATE TABLE ${table} (${all.join(', ')})`);
    await nameFully(session, `TABLE ${table}`, tableName(module));
  } else {
    for (const field of missingFields(module, existing.columns)) {
      await session.run(`ALTER TABLE ${table} ADD COLUMN ${columnDefinition(field)}`);
    }
  }
  for (const field of isNew ? module.fields : missingFields(module, existing.columns)) {
    const name = columnName(field.name);
    await nameFully(session, `COLUMN ${table}.${POSTGRES.identifier(name)}`, name);
  }
  const indexes = await indexNames(session, module);
  for (const field of [undefined, ...indexedFields(module)]) {
    const name = shortName(indexName(module, field));
    if (indexes.has(name)) continue;
    // Nulls where lists have them; the number makes an order by the field total.
    await session.run(`CREATE INDEX ${quoted(name)} ON ${table} (${indexed(module, field)} NULLS FIRST, "number")`);
  }
}

/** What preparing the module's table would add, or why it would be refused. */
export async function previewModuleTable(session: Session, module: ModuleDefinition): Promise<ModulePreview> {
  const existing = await existingTable(session, module);
  const indexes = await indexNames(session, module);
  const hasIndex = (field: FieldDefinition) => indexes.has(shortName(indexName(module, field)));
  return previewFit(POSTGRES, module, { ...existing, hasIndex });
}

/** The columns that the module's table has by their full names, with their SQL types; none when there is no table. */
export async function columnTypes(session: Session, module: ModuleDefinition): Promise<ReadonlyMap<string, string>> {
  const rows = await session.all<{ name: string; type: string; told: string | null }>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type, col_description(attrelid, attnum) AS told
     FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
    [POSTGRES.identifier(tableName(module))],
  );
  return new Map(rows.map(({ name, type, told }) => [fullName(name, told), type]));
}

async function existingTable(session: Session, module: ModuleDefinition): Promise<ExistingTable> {
  const name = tableName(module);
  const rows = await session.all<{ name: string; told: string | null }>(
    `SELECT relname AS name, obj_description(oid, 'pg_class') AS told FROM pg_class
     WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname LIKE 'm\\_%'`,
  );
  const rival = rows
    .map((row) => fullName(row.name, row.told))
    .find((other) => other !== name && other.toLowerCase() === name.toLowerCase());
  return { columns: await columnTypes(session, module), rival };
}

async function indexNames(session: Session, module: ModuleDefinition): Promise<ReadonlySet<string>> {
  const rows = await session.all<{ name: string }>(
    `SELECT relname AS name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE indrelid = to_regclass($1)`,
    [POSTGRES.identifier(tableName(module))],
  );
  return new Set(rows.map(({ name }) => name));
}

function indexed(module: ModuleDefinition, field: FieldDefinition | undefined): string {
  if (field === undefined) return '"modified_at"';
  const column = POSTGRES.identifier(columnName(field.name));
  return isLongTitle(field, module.title) ? indexedPart(column) : column;
}

function columnDefinition(field: FieldDefinition): string {
  const as = storageClassOf(field);
  const collation = as === 'text' ? ' COLLATE "C"' : '';
  return `${POSTGRES.identifier(columnName(field.name))} ${POSTGRES.types[as]}${collation}`;
}

/** Keeps a name that had to be made short with what bears it. */
async function nameFully(session: Session, what: string, name: string): Promise<void> {
  if (shortName(name) !== name) await session.run(`COMMENT ON ${what} IS ${quoted(name, "'")}`);
}

function fullName(name: string, told: string | null): string {
  return told !== null && shortName(told) === name ? told : name;
}
