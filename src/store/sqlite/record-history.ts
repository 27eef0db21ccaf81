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
    this.#sql.insert.run({
      recordId: write.id,
      version: write.basedOn + 1,
      kind: write.kind,
      at,
      by: write.actor.user,
      run: write.actor.run ?? null,
      task: write.actor.task ?? null,
      changes: JSON.stringify(Object.fromEntries(changes)),
    });
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
    insert: db.prepare<Omit<HistoryRow, 'id'> & { recordId: RecordId }>(
      `INSERT INTO record_history (record_id, version, kind, at, by, run, task, changes)
       VALUES (@recordId, @version, @kind, @at, @by, @run, @task, @changes)`,
    ),
    select: db.prepare<[RecordId], HistoryRow>(
      `SELECT record_id AS id, version, kind, at, by, run, task, changes
       FROM record_history WHERE record_id = ? ORDER BY sequence`,
    ),
  };
}
