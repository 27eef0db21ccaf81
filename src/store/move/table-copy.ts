import { MapwrightError } from '../../core/error.ts';
import type { Session, SqlParameter } from '../postgres/database.ts';
import { shortName } from '../postgres/postgres-dialect.ts';
import { columnOf } from '../postgres/row-set.ts';
import type { ColumnType } from '../postgres/row-set.ts';
import { quoted } from '../sql-text.ts';
import type { SqliteDatabase } from '../sqlite/database.ts';
import { ContentDigest } from './content-digest.ts';
import type { StoredValue } from './content-digest.ts';
import { rowChange } from './moved-row.ts';
import { sourceColumns, sourceRows } from './source-rows.ts';

const MOST_FETCHED = 500;
/** Of rows that each hold a piece of a file. */
const MOST_CHUNKS_FETCHED = 8;

const COLUMN_TYPES: ReadonlyMap<string, ColumnType> = new Map([
  ['bigint', 'bigint'],
  ['smallint', 'bigint'],
  ['double precision', 'double precision'],
  ['text', 'text'],
]);

/**
 * Copies a table into the one of the same name, which is there and empty, and reads back what stands there then.
 * Gives the number of rows. Rejects with STORE_COPY_DIFFERS when that is not what was written.
 */
export async function copyTable(session: Session, sqlite: SqliteDatabase, table: string): Promise<number> {
  const given = sourceColumns(sqlite, table).map(({ name }) => name);
  const { columns, change } = rowChange(table, given);
  const target = quoted(shortName(table));
  const names = columns.map((column) => quoted(shortName(column)));
  const types = await columnTypes(session, table, columns);
  const parameters = types.map((type, index) => `$${index + 1}::${COLUMN_TYPES.get(type) ?? type}[]`);
  const insert = `INSERT INTO ${target} (${names.join(', ')}) SELECT * FROM unnest(${parameters.join(', ')})`;
  const written = new ContentDigest();
  for (const chunk of sourceRows(sqlite, table, given)) {
    const rows = chunk.map(change);
    for (const row of rows) written.add(row);
    await session.run(
      insert,
      types.map((type, index) =>
        parameterOf(
          type,
          rows.map((row) => row[index] ?? null),
        ),
      ),
    );
  }
  const stored = await digestOf(session, { cursor: `read_${table}`, target, names });
  if (!stored.equals(written)) throw differs(table, written.rows, stored.rows);
  return written.rows;
}

async function columnTypes(session: Session, table: string, columns: readonly string[]): Promise<readonly string[]> {
  const rows = await session.all<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
    [quoted(shortName(table))],
  );
  const types = new Map(rows.map(({ name, type }) => [name, type]));
  return columns.map((column) => {
    const type = types.get(shortName(column));
    if (type !== undefined) return type;
    throw new MapwrightError('STORE_UNAVAILABLE', `The new database has no column ${column} in table ${table}.`, {
      hint: 'Report this with the message: it is a fault of this program. Nothing was changed.',
    });
  });
}

function parameterOf(type: string, values: readonly StoredValue[]): SqlParameter {
  const known = COLUMN_TYPES.get(type);
  if (known === undefined) return values;
  return columnOf(
    known,
    values.map((value) => (Buffer.isBuffer(value) ? value.toString() : value)),
  );
}

async function digestOf(
  session: Session,
  { cursor, target, names }: { readonly cursor: string; readonly target: string; readonly names: readonly string[] },
): Promise<ContentDigest> {
  const digest = new ContentDigest();
  const name = quoted(shortName(cursor));
  const columns = names.map((column, index) => `${column} AS c${index}`).join(', ');
  await session.run(`DECLARE ${name} NO SCROLL CURSOR FOR SELECT ${columns} FROM ${target}`);
  const most = target === quoted('file_chunks') ? MOST_CHUNKS_FETCHED : MOST_FETCHED;
  for (;;) {
    const rows = await session.all<Record<string, StoredValue>>(`FETCH ${most} FROM ${name}`);
    if (rows.length === 0) break;
    for (const row of rows) digest.add(Object.values(row));
  }
  await session.run(`CLOSE ${name}`);
  return digest;
}

function differs(table: string, written: number, stored: number): MapwrightError {
  const what = written === stored ? 'other contents' : `${stored} rows instead of ${written}`;
  return new MapwrightError('STORE_COPY_DIFFERS', `The copy of table ${table} has ${what}. Nothing was changed.`, {
    hint: 'Does anything else write to the new database, a trigger or a rule of its own? Use one made for this install.',
  });
}
