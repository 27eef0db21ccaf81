import type { Journal } from '../core/journal.ts';

/** What `countsText` gives: what is counted, how many there are, how many of them wait. */
export type CountRow = readonly [what: string, count: number, waiting: number];

/**
 * How many runs there are of each status, as `CountRow`s. Those that have not ended are counted, for they are few; those that
 * have were counted when they ended.
 * @param unfinished as in `backlogText`
 */
export function countsText(unfinished: string): string {
  return `SELECT status AS what, count(*) AS count, count(wait_for) AS waiting FROM ${unfinished}
    WHERE ended_at IS NULL GROUP BY status
  UNION ALL SELECT 'completed', coalesce(sum(completed), 0), 0 FROM run_counts
  UNION ALL SELECT 'failed', coalesce(sum(failed), 0), 0 FROM run_counts
  UNION ALL SELECT 'canceled', coalesce(sum(canceled), 0), 0 FROM run_counts
  UNION ALL SELECT 'handled', coalesce(sum(handled), 0), 0 FROM run_counts`;
}

/** The counts of the rows of `countsText`. */
export function countsOf(rows: readonly CountRow[]): Awaited<ReturnType<Journal['counts']>> {
  const of = (what: string): number => rows.find(([name]) => name === what)?.[1] ?? 0;
  return {
    pending: of('pending'),
    running: of('running'),
    completed: of('completed'),
    failed: of('failed'),
    canceled: of('canceled'),
    waiting: rows.reduce((sum, [, , waiting]) => sum + waiting, 0),
    handled: of('handled'),
  };
}

/** How many runs of each workflow have not ended. */
export function unfinishedText(unfinished: string): string {
  return `SELECT workflow, count(*) AS count FROM ${unfinished} WHERE ended_at IS NULL GROUP BY workflow ORDER BY workflow`;
}
