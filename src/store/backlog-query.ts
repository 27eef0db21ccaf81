import type { Backlog, Waiting } from '../core/store-watch.ts';

/** What `backlogText` gives: what is counted, of which kind, how many, and the oldest time among them. */
export type BacklogRow = readonly [what: string, kind: string | null, count: number, oldestAt: number | null];

/**
 * What waits, as `BacklogRow`s; the one `?` is the time.
 * @param unfinished how the table of runs is named where only those that have not ended are looked through
 */
export function backlogText(unfinished: string): string {
  return `SELECT 'waiting' AS what, CASE WHEN blocked_by IS NULL THEN wait_for ELSE 'lane' END AS kind,
      count(*) AS count, min(coalesce(wait_since, accepted_at)) AS oldest
    FROM ${unfinished} WHERE ended_at IS NULL AND (blocked_by IS NOT NULL OR wait_for IS NOT NULL) GROUP BY 2
    UNION ALL SELECT 'unfinished', NULL, count(*), NULL FROM ${unfinished} WHERE ended_at IS NULL
    UNION ALL SELECT 'lane', NULL, coalesce(max(depth), 0), NULL FROM
      (SELECT count(*) AS depth FROM ${unfinished} WHERE ended_at IS NULL AND lane <> '' GROUP BY lane) AS lanes
    UNION ALL SELECT 'due', NULL, count(*), min(due_at) FROM runs WHERE due_at <= ?
    UNION ALL SELECT 'operations', NULL, count(*), min(due_at) FROM queued_operations WHERE due_at IS NOT NULL
    UNION ALL SELECT 'deliveries', NULL, count(*), min(due_at) FROM deliveries WHERE due_at IS NOT NULL`;
}

/** The backlog that the rows of `backlogText` tell of. */
export function backlogOf(rows: readonly BacklogRow[]): Backlog {
  const of = (what: string, kind: string | null = null): Waiting => {
    const row = rows.find(([name, of]) => name === what && of === kind);
    return { count: row?.[2] ?? 0, oldestAt: row?.[3] ?? undefined };
  };
  return {
    unfinished: of('unfinished').count,
    waiting: {
      time: of('waiting', 'time'),
      limit: of('waiting', 'limit'),
      person: of('waiting', 'person'),
      lane: of('waiting', 'lane'),
    },
    due: of('due'),
    deepestLane: of('lane').count,
    operations: of('operations'),
    deliveries: of('deliveries'),
  };
}

/** What a probe writes and takes back: a fact that nobody asks for, under this scope. */
export const PROBE_SCOPE = 'probe';
