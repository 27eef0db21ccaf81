import { JournalFile } from '../../tools/stage/journal-file.ts';
import type { WrittenIds } from './contestant.ts';

/** When each run of an install ended, by the name of its product; milliseconds since the epoch. */
export function runEnds(folder: string): ReadonlyMap<string, { readonly run: number; readonly endedAt: number }> {
  const rows = read<{ name: string; run: number; endedAt: number }>(
    folder,
    `SELECT f_productname AS name, id AS run, ended_at AS endedAt FROM runs
     JOIN m_Products ON number = CAST(substr(record_id, 4) AS INTEGER) WHERE ended_at IS NOT NULL`,
  );
  return new Map(rows.map(({ name, run, endedAt }) => [name, { run, endedAt }]));
}

/** What stands in the database of an install that nobody runs any more. */
export function writtenIds(folder: string): WrittenIds {
  const sql = 'SELECT f_productname AS name, f_remote_id AS id FROM m_Products';
  return new Map(read<{ name: string; id: string }>(folder, sql).map(({ name, id }) => [name, id]));
}

function read<T>(folder: string, sql: string): readonly T[] {
  const file = new JournalFile(folder);
  try {
    return file.rows<T>(sql);
  } finally {
    file.close();
  }
}
