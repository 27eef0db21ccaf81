import type { EndedCounts } from '../ended-counts.ts';
import type { Session } from './database.ts';

/** Each time that so many rows were added, they are made one. */
const ADDED_BEFORE_FOLD = 256;

/**
 * Adds to what is known of how many runs have ended, in the transaction that ends or removes them. It is a row of its own:
 * nobody waits for anybody, and while a long look at the database (a backup) keeps old rows from being cleared away, no row
 * is written over thousands of times. What the rows hold counts only as their sum.
 */
export async function addEndedCounts(session: Session, counts: EndedCounts): Promise<void> {
  const { completed, failed, canceled, handled } = counts;
  if (completed === 0 && failed === 0 && canceled === 0 && handled === 0) return;
  const [added] = await session.all<{ shard: number }>(ADD, [completed, failed, canceled, handled]);
  if ((added?.shard ?? 0) % ADDED_BEFORE_FOLD === 0) await session.run(FOLD);
}

const ADD = `INSERT INTO run_counts (completed, failed, canceled, handled) VALUES ($1, $2, $3, $4) RETURNING shard`;

// Rows that another transaction is folding are left to it. Readers see the rows or their sum, never both or neither.
const FOLD = `WITH taken AS MATERIALIZED (SELECT shard FROM run_counts ORDER BY shard LIMIT ${4 * ADDED_BEFORE_FOLD}
    FOR UPDATE SKIP LOCKED),
  gone AS (DELETE FROM run_counts USING taken WHERE run_counts.shard = taken.shard
    RETURNING completed, failed, canceled, handled)
  INSERT INTO run_counts (completed, failed, canceled, handled)
  SELECT sum(completed), sum(failed), sum(canceled), sum(handled) FROM gone HAVING count(*) > 0`;
