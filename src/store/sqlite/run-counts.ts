import type { EndedCounts } from '../ended-counts.ts';
import type { SqliteDatabase } from './database.ts';

/**
 * How many runs have ended, kept beside them: counting a million rows takes longer than a page may. Belongs inside the
 * unit of the group commit that ends runs or removes them.
 */
export class RunCounts {
  readonly #add: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase) {
    this.#add = prepare(db);
  }

  add({ completed, failed, canceled, handled }: EndedCounts): void {
    this.#add.run(completed, failed, canceled, handled);
  }
}

function prepare(db: SqliteDatabase) {
  return db.prepare<[number, number, number, number]>(
    `UPDATE run_counts SET completed = completed + ?, failed = failed + ?, canceled = canceled + ?,
       handled = handled + ?`,
  );
}
