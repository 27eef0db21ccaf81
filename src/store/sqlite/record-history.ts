import type { HistoryEntry } from '../../core/record-store.ts';
import type { ChangeKind, RecordId, RecordImage } from '../../core/record.ts';
import type { RecordWrite } from '../../core/unit-of-work.ts';
import type { SqliteDatabase } from './database.ts';

interface HistoryRow extends Omit<HistoryEntry, 'run' | 'task' | 'changes' | 'kind'> {
  readonly kind: ChangeKind;
  readonly run: number | null;
  readonly task: string | null;
  readonly changes: string;
}

/** What became of each record, change by change. */
export class RecordHistory {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase) {
    this.#sql = prepare(db);
  }

  /** Stores a change, with what its fields held before. To be called inside the unit that makes it. */
  add(write: RecordWrite, before: RecordImage | undefined, at: number): void {
    const changes = write.changed.map((field) => [
      field,
      { before: before?.values[field] ?? null, after: write.values[field] ?? null },
    ]);
    const { user, run = null, task = null } = write.actor;
    const told = JSON.stringify(Object.fromEntries(changes));
    this.#sql.insert.run(write.id, write.basedOn + 1, write.kind, at, user, run, task, told);
  }

  /** Oldest first. */
  of(id: RecordId): HistoryEntry[] {
    return this.#sql.select.all(id).map((row) => ({
      ...row,
      run: row.run ?? undefined,
      task: row.task ?? undefined,
      changes: JSON.parse(row.changes),
    }));
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
