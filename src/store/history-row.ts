import type { HistoryEntry } from '../core/record-store.ts';
import type { RecordImage } from '../core/record.ts';
import type { RecordWrite } from '../core/unit-of-work.ts';

/** A change of a record as it is stored; `changes` is JSON. */
export interface HistoryRow extends Omit<HistoryEntry, 'run' | 'task' | 'changes'> {
  readonly run: number | null;
  readonly task: string | null;
  readonly changes: string;
}

/** The entry that a write makes, with what its fields held before. */
export function historyRowOf(write: RecordWrite, before: RecordImage | undefined, at: number): HistoryRow {
  const changes = write.changed.map((field) => [
    field,
    { before: before?.values[field] ?? null, after: write.values[field] ?? null },
  ]);
  const { user, run = null, task = null } = write.actor;
  const told = JSON.stringify(Object.fromEntries(changes));
  return { id: write.id, version: write.basedOn + 1, kind: write.kind, at, by: user, run, task, changes: told };
}

/** The entry as it is told. */
export function historyOf(row: HistoryRow): HistoryEntry {
  return { ...row, run: row.run ?? undefined, task: row.task ?? undefined, changes: JSON.parse(row.changes) };
}
