import type { ModuleDefinition } from '../../core/module.ts';
import { recordNumber, recordPrefix } from '../../core/record.ts';
import type { RecordId, RecordImage, RecordValues } from '../../core/record.ts';
import { columnName, tableName } from '../record-names.ts';
import { imageOf, rowColumns, storedValues, SYSTEM_COLUMNS } from '../record-rows.ts';
import type { RecordRow } from '../record-rows.ts';
import { quoted } from '../sql-text.ts';
import type { SqlValue } from '../sql-text.ts';
import type { SqliteDatabase } from './database.ts';
import { columnTypes } from './module-tables.ts';
import { SQLITE } from './sqlite-dialect.ts';

/** What a record gets besides its values. */
export interface RecordStamp {
  readonly number: number;
  readonly version: number;
  readonly at: number;
  readonly by: string;
  /** Of a new record: when it was made. */
  readonly createdAt: number;
}

/** The table of one module as its document stands: prepared statements, rows to images and back. */
export class RecordTable {
  readonly module: ModuleDefinition;
  /** The quoted columns of a whole row; `NULL` for a field that the table has no column for. */
  readonly columns: readonly string[];
  /** `SELECT ... FROM ...` of whole rows, to be followed by WHERE. */
  readonly selectAll: string;
  /** The table's name, quoted. */
  readonly name: string;
  readonly #sql: ReturnType<typeof prepare>;

  /** The table must have been prepared; a column it has not is read as null, which happens to readers of an older table. */
  constructor(db: SqliteDatabase, module: ModuleDefinition) {
    this.module = module;
    this.name = quoted(tableName(module));
    this.columns = rowColumns(SQLITE, module, columnTypes(db, module));
    this.selectAll = `SELECT ${this.columns.join(', ')} FROM ${this.name}`;
    this.#sql = prepare(db, this);
  }

  read(id: RecordId): RecordImage | undefined {
    const number = recordPrefix(id) === this.module.prefix ? recordNumber(id) : undefined;
    const row = number === undefined ? undefined : this.#sql.select.get(number);
    return row === undefined ? undefined : imageOf(this.module, row);
  }

  /** False when there is a record of that number. */
  insert(stamp: RecordStamp, values: RecordValues): boolean {
    const { number, version, at, by, createdAt } = stamp;
    return (
      this.#sql.insert.run(number, version, createdAt, at, by, by, ...storedValues(this.module, values)).changes > 0
    );
  }

  update(stamp: RecordStamp, values: RecordValues): void {
    this.#sql.update.run(stamp.version, stamp.at, stamp.by, ...storedValues(this.module, values), stamp.number);
  }

  delete(number: number): void {
    this.#sql.delete.run(number);
  }
}

function prepare(db: SqliteDatabase, table: RecordTable) {
  const fields = table.module.fields.map((field) => quoted(columnName(field.name)));
  const columns = [...SYSTEM_COLUMNS.map((name) => quoted(name)), ...fields];
  const sets = ['"version" = ?', '"modified_at" = ?', '"modified_by" = ?', ...fields.map((field) => `${field} = ?`)];
  const lazily = (sql: string) => {
    let statement: ReturnType<typeof db.prepare<SqlValue[]>> | undefined;
    return { run: (...values: SqlValue[]) => (statement ??= db.prepare<SqlValue[]>(sql)).run(...values) };
  };
  return {
    select: db.prepare<[number], RecordRow>(`${table.selectAll} WHERE "number" = ?`).raw(),
    // Prepared at their first use: a reader has no use for them, and may look at a table without all columns.
    insert: lazily(`INSERT INTO ${table.name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
      ON CONFLICT DO NOTHING`),
    update: lazily(`UPDATE ${table.name} SET ${sets.join(', ')} WHERE "number" = ?`),
    delete: lazily(`DELETE FROM ${table.name} WHERE "number" = ?`),
  };
}
