import type { HistoryEntry } from '../../core/record-store.ts';
import type { ChangeKind, RecordId, RecordImage } from '../../core/record.ts';
import type { RecordWrite } from '../../core/unit-of-work.ts';
import { historyOf, historyRowOf } from '../history-row.ts';
import type { HistoryRow } from '../history-row.ts';
import type { SqliteDatabase } from './database.ts';

/** What became of each record, change by change. */
export class RecordHistory {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase) {
    this.#sql = prepare(db);
  }

  /** Stores a change, with what its fields held before. To be called inside the unit that makes it. */
  add(write: RecordWrite, before: RecordImage | undefined, at: number): void {
    const { id, version, kind, by, run, task, changes } = historyRowOf(write, before, at);
    this.#sql.insert.run(id, version, kind, at, by, run, task, changes);
  }

  /** Oldest first. */
  of(id: RecordId): HistoryEntry[] {
    return this.#sql.select.all(id).map(historyOf);
  }
}

function prepare(db: SqliteDatabase) {
  return {
    insert: db.prepare<[RecordId, number, ChangeKind, number, string, number | null, string | null, string]>(
      `INSERT INTO record_history (record_id, version, kind, at, by, run, task, changes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    select: db.prepare<[RecordId], HistoryRow>(
      `SELECT record_id AS id, version, kind, at, by, run, task, changes
       FROM record_history WHERE record_id = ? ORDER BY sequence`,
    ),
  };
}
