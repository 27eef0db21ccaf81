import { recordPrefix } from '../../core/record.ts';
import type { RecordId } from '../../core/record.ts';
import type { UnmatchedRecords } from '../../core/unit-of-work.ts';
import type { SqliteDatabase } from './database.ts';
import type { RecordTables } from './record-tables.ts';

/** Tells whether records that a search did not find have come meanwhile, by what the history says of the time since. */
export class RecordNewcomers {
  readonly #tables: RecordTables;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase, tables: RecordTables) {
    this.#tables = tables;
    this.#sql = prepare(db);
  }

  /** The number of the latest committed change of any record; 0 when there is none. */
  latestChange(): number {
    return this.#sql.latest.get()?.sequence ?? 0;
  }

  /** A record that was changed since and has now the values of one of the keys; undefined when there is none. */
  find({ module, asOf, keys }: UnmatchedRecords): RecordId | undefined {
    const table = this.#tables.forWriting(module);
    for (const { id } of this.#sql.since.iterate(asOf)) {
      if (recordPrefix(id) !== table.module.prefix) continue;
      const values = table.read(id)?.values;
      if (values === undefined) continue;
      const isOne = keys.some((key) => Object.entries(key).every(([name, value]) => values[name] === value));
      if (isOne) return id;
    }
    return undefined;
  }
}

function prepare(db: SqliteDatabase) {
  return {
    latest: db.prepare<[], { sequence: number | null }>('SELECT max(sequence) AS sequence FROM record_history'),
    since: db.prepare<[number], { id: RecordId }>(
      'SELECT DISTINCT record_id AS id FROM record_history WHERE sequence > ?',
    ),
  };
}
