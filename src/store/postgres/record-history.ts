import type { HistoryEntry } from '../../core/record-store.ts';
import type { RecordId } from '../../core/record.ts';
import { historyOf } from '../history-row.ts';
import type { HistoryRow } from '../history-row.ts';
import type { Session } from './database.ts';
import { rowSet } from './row-set.ts';

const given = rowSet({
  id: 'text',
  version: 'bigint',
  kind: 'text',
  at: 'bigint',
  by: 'text',
  run: 'bigint',
  task: 'text',
  changes: 'text',
});

const INSERT = `INSERT INTO record_history (record_id, version, kind, at, by, run, task, changes)
  SELECT given.id, given.version, given.kind, given.at, given.by, given.run, given.task, given.changes
  FROM ${given.source}`;

const SELECT = `SELECT record_id AS id, version, kind, at, by, run, task, changes
  FROM record_history WHERE record_id = $1 ORDER BY sequence`;

/** Stores changes, in this order. To be called inside the transaction that makes them. */
export async function addHistory(session: Session, entries: readonly HistoryRow[]): Promise<void> {
  if (entries.length > 0) await session.run(INSERT, given.values(entries));
}

/** What became of a record, oldest first. */
export async function readHistory(session: Session, id: RecordId): Promise<readonly HistoryEntry[]> {
  if (id.includes('\u0000')) return [];
  return (await session.all<HistoryRow>(SELECT, [id])).map(historyOf);
}
