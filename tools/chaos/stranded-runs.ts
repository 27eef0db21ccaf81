import type { JournalFile } from '../stage/journal-file.ts';

/**
 * Unfinished runs that nothing would move: neither due, nor held, nor behind an unfinished run, nor waiting for a
 * person; and runs that wait for something without saying why or since when.
 */
export function strandedRuns(journal: JournalFile): string[] {
  const rows = journal.rows<{ id: number; status: string; waitFor: string | null }>(
    `SELECT id, status, wait_for AS waitFor FROM runs AS run WHERE ended_at IS NULL AND (
       (due_at IS NULL AND blocked_by IS NULL AND coalesce(wait_for, '') <> 'person')
       OR (blocked_by IS NOT NULL AND NOT EXISTS
         (SELECT 1 FROM runs AS other WHERE other.id = run.blocked_by AND other.ended_at IS NULL))
       OR (wait_for IS NOT NULL AND wait_since IS NULL)
       OR (wait_for IN ('time', 'limit', 'person') AND coalesce(wait_reason, '') = '')
     )`,
  );
  return rows.map(({ id, status, waitFor }) => `run ${id} ${status}, waits for ${waitFor ?? 'nothing'}`);
}
