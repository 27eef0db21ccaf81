import { quoted } from '../sql-text.ts';
import type { SqliteDatabase } from '../sqlite/database.ts';
import type { StoredValue } from './content-digest.ts';

const MOST_ROWS = 1000;
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** A column with its SQL type. */
export interface SourceColumn {
  readonly name: string;
  readonly type: string;
}

/** The tables that hold what the install keeps, those of modules among them. */
export function sourceTables(sqlite: SqliteDatabase): readonly string[] {
  const rows = sqlite
    .prepare<[], { name: string }>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
       AND name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY name`,
    )
    .all();
  return rows.map(({ name }) => name);
}

/** The columns of a table, in their order. */
export function sourceColumns(sqlite: SqliteDatabase, table: string): readonly SourceColumn[] {
  return sqlite.prepare<[string], SourceColumn>('SELECT name, type FROM pragma_table_info(?)').all(table);
}

/** All rows of a table, as many at once as fit well into one statement. */
export function* sourceRows(
  sqlite: SqliteDatabase,
  table: string,
  columns: readonly string[],
): Generator<readonly (readonly StoredValue[])[]> {
  const select = `SELECT ${columns.map((column) => quoted(column)).join(', ')} FROM ${quoted(table)}`;
  let rows: (readonly StoredValue[])[] = [];
  let characters = 0;
  for (const row of sqlite.prepare<[], StoredValue[]>(select).raw().iterate()) {
    rows.push(row);
    characters += row.reduce<number>((sum, value) => sum + sizeOf(value), 0);
    if (rows.length < MOST_ROWS && characters < MOST_CHARACTERS) continue;
    yield rows;
    rows = [];
    characters = 0;
  }
  if (rows.length > 0) yield rows;
}

function sizeOf(value: StoredValue): number {
  return typeof value === 'string' || Buffer.isBuffer(value) ? value.length : 8;
}
