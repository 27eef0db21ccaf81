import type { RunId } from '../../core/run.ts';
import { cutKeyValue } from '../run-key-value.ts';
import type { SqliteDatabase } from './database.ts';

/** Business keys of runs. Writing belongs inside a unit of the group commit. */
export class BusinessKeys {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase) {
    this.#sql = prepare(db);
  }

  /** Sets the named keys; null takes one away, and the others stay. */
  write(run: RunId, keys: Readonly<Record<string, string | null>>): void {
    for (const [name, value] of Object.entries(keys)) {
      if (value === null) this.#sql.remove.run(run, name);
      else this.#sql.set.run(run, name, cutKeyValue(value));
    }
  }
}

function prepare(db: SqliteDatabase) {
  return {
    set: db.prepare<[number, string, string]>(
      'INSERT INTO run_keys (run, name, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    ),
    remove: db.prepare<[number, string]>('DELETE FROM run_keys WHERE run = ? AND name = ?'),
  };
}
