import type { ModuleDefinition } from '../../core/module.ts';
import type { RecordImage } from '../../core/record.ts';
import { columnName, tableName } from '../record-names.ts';
import { imageOf, rowColumns, storedValues, SYSTEM_COLUMNS } from '../record-rows.ts';
import type { RecordRow } from '../record-rows.ts';
import type { SqlValue } from '../sql-text.ts';
import { storageClassOf } from '../storage-class.ts';
import type { StorageClass } from '../storage-class.ts';
import type { Session } from './database.ts';
import { POSTGRES } from './postgres-dialect.ts';
import { bigints, columnOf } from './row-set.ts';
import type { ColumnType } from './row-set.ts';

/** A row of a result whose columns are called `c0`, `c1` and so on. */
export type NumberedRow = Readonly<Record<string, SqlValue>>;

/** A record to be stored as a whole row. */
export interface StoredRecord {
  readonly number: number;
  readonly image: Omit<RecordImage, 'id' | 'module'>;
}

const SYSTEM_TYPES: readonly ColumnType[] = ['bigint', 'bigint', 'bigint', 'bigint', 'text', 'text'];

const FIELD_TYPES: Readonly<Record<StorageClass, ColumnType>> = {
  text: 'text',
  integer: 'bigint',
  real: 'double precision',
  boolean: 'bigint',
};

/** The table of one module as its document stands: statements over any number of records, rows to images and back. */
export class RecordTable {
  readonly module: ModuleDefinition;
  /** The table's name, quoted. */
  readonly name: string;
  /** The quoted columns of a whole row; `NULL` for a field that the table has no column for. */
  readonly columns: readonly string[];
  /** False while the database has no such table. */
  readonly isThere: boolean;
  /** False when a column is missing. */
  readonly isWhole: boolean;
  readonly #types: readonly ColumnType[];
  readonly #sql: { readonly read: string; readonly insert: string; readonly update: string; readonly remove: string };

  /** @param present The columns that the table has; none when there is no table. */
  constructor(module: ModuleDefinition, present: ReadonlyMap<string, unknown>) {
    this.module = module;
    this.name = POSTGRES.identifier(tableName(module));
    this.columns = rowColumns(POSTGRES, module, present);
    this.isThere = present.size > 0;
    this.isWhole = this.isThere && !this.columns.includes('NULL');
    this.#types = [...SYSTEM_TYPES, ...module.fields.map((field) => FIELD_TYPES[storageClassOf(field)])];
    this.#sql = statements(this, this.#types);
  }

  /** The records with these numbers that are there. */
  async read(session: Session, numbers: readonly number[]): Promise<readonly RecordImage[]> {
    return this.#images(await session.all<NumberedRow>(this.#sql.read, [bigints(numbers)]));
  }

  /** As `read`, in the order of their numbers; nobody else changes them until the transaction ends. */
  async lock(session: Session, numbers: readonly number[]): Promise<readonly RecordImage[]> {
    const sql = `${this.#sql.read} ORDER BY "number" FOR UPDATE`;
    return this.#images(await session.all<NumberedRow>(sql, [bigints(numbers)]));
  }

  /** How many of them were stored: one whose number is taken is not. */
  insert(session: Session, records: readonly StoredRecord[]): Promise<number> {
    return session.run(this.#sql.insert, this.#values(records));
  }

  /** Stores these records in place of what they were. */
  update(session: Session, records: readonly StoredRecord[]): Promise<number> {
    return session.run(this.#sql.update, this.#values(records));
  }

  remove(session: Session, numbers: readonly number[]): Promise<number> {
    return session.run(this.#sql.remove, [bigints(numbers)]);
  }

  #images(rows: readonly NumberedRow[]): readonly RecordImage[] {
    return rows.map((row) => imageOf(this.module, rowOf(row)));
  }

  #values(records: readonly StoredRecord[]): Buffer[] {
    const rows = records.map(({ number, image }) => {
      const { version, createdAt, modifiedAt, createdBy, modifiedBy } = image;
      const fields = storedValues(this.module, image.values);
      return [number, version, createdAt, modifiedAt, createdBy, modifiedBy, ...fields];
    });
    return this.#types.map((type, index) =>
      columnOf(
        type,
        rows.map((row) => row[index] ?? null),
      ),
    );
  }
}

/** A list of columns or expressions as columns that are called `c0`, `c1` and so on. */
export function numberedColumns(columns: readonly string[]): string {
  return columns.map((column, index) => `${column} AS c${index}`).join(', ');
}

/** The values of a row in the order of its columns. */
export function rowOf(row: NumberedRow): RecordRow {
  return Object.values(row);
}

function statements(table: RecordTable, types: readonly ColumnType[]) {
  const names = [...SYSTEM_COLUMNS, ...table.module.fields.map(({ name }) => columnName(name))];
  const columns = names.map((name) => POSTGRES.identifier(name));
  const sets = columns.map((column, index) => `${column} = given.c${index}`).slice(1);
  const parameters = types.map((type, index) => `$${index + 1}::${type}[]`);
  const rows = `unnest(${parameters.join(', ')}) AS given(${types.map((_, index) => `c${index}`).join(', ')})`;
  return {
    read: `SELECT ${numberedColumns(table.columns)} FROM ${table.name} WHERE "number" = ANY ($1::bigint[])`,
    insert: `INSERT INTO ${table.name} (${columns.join(', ')}) SELECT * FROM ${rows} ON CONFLICT DO NOTHING`,
    update: `UPDATE ${table.name} AS r SET ${sets.join(', ')} FROM ${rows} WHERE r."number" = given.c0`,
    remove: `DELETE FROM ${table.name} WHERE "number" = ANY ($1::bigint[])`,
  };
}
