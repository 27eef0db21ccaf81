import type { AgedKind } from '../core/retention-store.ts';
import type { RunOutcome, RunRule } from '../core/retention.ts';
import type { RunId } from '../core/run.ts';
import { RUN_PLACE } from './run-place.ts';
import { JOB_IS_THERE, RUN_IS_THERE } from './still-there.ts';
import type { SqlText, SqlValue } from './sql-text.ts';

// Statements that both databases understand, with `?` for each value. A list of names or numbers is one value, in JSON.

/** The texts of a JSON list; replaced where the database has another way to read one. */
export const LISTED_TEXTS = 'SELECT value FROM json_each(?)';

/**
 * Of a row of `runs` that has ended: nobody needs it. Its chain may start the same workflow for the same record again as
 * long as one of its runs goes on, and is told by the others that it did. The plus keeps the index of all unfinished runs out of it.
 */
export const IS_UNNEEDED = `NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.run = runs.id AND inbox.state IN ('open', 'acknowledged'))
  AND NOT EXISTS (SELECT 1 FROM runs AS member
    WHERE member.root_run = coalesce(runs.root_run, runs.id) AND +member.ended_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM runs AS root WHERE root.id = runs.root_run AND root.ended_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM restarts JOIN runs AS successor ON successor.id = restarts.run
    WHERE restarts.origin = runs.id AND successor.ended_at IS NULL)`;

/** Names the index in which SQLite is to look; its planner takes the order of all runs else. Taken out for the other database. */
export const NAMED_INDEX = / INDEXED BY \w+/gu;

/** How many runs the rule is about. */
export function countText(rule: RunRule): SqlText {
  const { sql, values } = ruleCondition(rule);
  return { sql: `SELECT count(*) AS count FROM ${runsOf(rule)} WHERE ${sql} AND ${RUN_IS_THERE}`, values };
}

/** A page of runs that the rule is about and nobody needs. */
export function candidatesText(params: {
  readonly rule: RunRule;
  readonly after: RunId;
  readonly limit: number;
}): SqlText {
  const { sql, values } = ruleCondition(params.rule);
  return {
    sql: `SELECT id FROM ${runsOf(params.rule)} WHERE ${sql} AND id > ? AND ${RUN_IS_THERE} AND ${IS_UNNEEDED} ORDER BY id LIMIT ?`,
    values: [...values, params.after, params.limit],
  };
}

/** The oldest of the newest runs of an outcome. */
export function oldestText(params: {
  readonly outcome: RunOutcome;
  readonly except: readonly string[];
  readonly atMost: number;
}): SqlText {
  const { outcome, except, atMost } = params;
  const which =
    outcome === 'handled'
      ? "status IN ('completed', 'failed', 'canceled') AND handled = 1"
      : `status = '${outcome}' AND handled = 0`;
  // Without a list the index alone tells it.
  const whose = except.length === 0 ? '' : ` AND workflow NOT IN (${LISTED_TEXTS})`;
  return {
    sql: `SELECT id FROM runs INDEXED BY runs_outcome WHERE ended_at IS NOT NULL AND ${which}${whose} AND ${RUN_IS_THERE}
      ORDER BY id DESC LIMIT 1 OFFSET ?`,
    values: [...(except.length === 0 ? [] : [JSON.stringify(except)]), atMost - 1],
  };
}

function runsOf({ workflow }: RunRule): string {
  return `runs INDEXED BY ${workflow === undefined ? 'runs_outcome' : 'runs_workflow'}`;
}

/**
 * What ended before a time was accepted before it: so the runs are looked through in their own order, in an index that the
 * listing has anyway, up to the first that was accepted too late.
 */
function ruleCondition({ status, handled, workflow, except, endedBefore, before }: RunRule): SqlText {
  const parts: (readonly [sql: string, ...values: SqlValue[]])[] = [
    ['ended_at IS NOT NULL AND status = ? AND handled = ?', status, Number(handled)],
  ];
  if (workflow !== undefined) parts.push(['workflow = ?', workflow]);
  else if (except.length > 0) parts.push([`workflow NOT IN (${LISTED_TEXTS})`, JSON.stringify(except)]);
  if (endedBefore !== undefined) parts.push([`id < (${RUN_PLACE}) AND ended_at < ?`, endedBefore, endedBefore]);
  if (before !== undefined) parts.push(['id < ?', before]);
  return { sql: parts.map(([sql]) => sql).join(' AND '), values: parts.flatMap(([, ...values]) => values) };
}

/** A table of what belongs to runs. `only`: rows of it that stay are another's to remove. */
export interface RunPart {
  readonly table: string;
  readonly only?: string;
}

/**
 * What belongs to runs, in the order in which it can go. That one run stood in the place of another is known as long as one
 * of the two is there. A notice that is still on its way is sent all the same. What people did to runs is kept as audit.
 */
export const RUN_PARTS: readonly RunPart[] = [
  { table: 'attempts' },
  { table: 'steps' },
  { table: 'run_contexts' },
  { table: 'run_triggers' },
  { table: 'run_keys' },
  { table: 'notifications' },
  { table: 'deliveries', only: 'ended_at IS NOT NULL' },
];

/** The two columns of `restarts`: the end that goes, and the other one. */
export const RESTART_ENDS: readonly (readonly [gone: string, other: string])[] = [
  ['run', 'origin'],
  ['origin', 'run'],
];

/** What goes by its age: where it is, and when it was written or may go. */
export interface AgedTable {
  readonly table: string;
  readonly column: string;
  /** `index`: the column has one; `sequence`: rows were written in the order of their numbers. */
  readonly by: 'index' | 'sequence';
}

export const AGED_TABLES: Readonly<Record<Exclude<AgedKind, 'job'>, AgedTable>> = {
  history: { table: 'record_history', column: 'at', by: 'sequence' },
  audit: { table: 'audit_log', column: 'at', by: 'index' },
  'run-audit': { table: 'audit', column: 'at', by: 'sequence' },
  delivery: { table: 'deliveries', column: 'ended_at', by: 'index' },
  'dedup-key': { table: 'dedup_keys', column: 'expires_at', by: 'index' },
  message: { table: 'messages', column: 'expires_at', by: 'index' },
  challenge: { table: 'challenges', column: 'issued_at', by: 'index' },
  session: { table: 'sessions', column: 'used_at', by: 'index' },
  login: { table: 'logins', column: 'used_at', by: 'index' },
  request: { table: 'api_requests', column: 'at', by: 'index' },
};

export const REMOVE_JOBS = `INSERT INTO removed_jobs SELECT id FROM inbox_jobs
  WHERE ended_at < ? AND ${JOB_IS_THERE} ORDER BY id LIMIT ?`;

export const HOLD = `INSERT INTO retention (id, holder, held_until, left_over) VALUES (1, ?, ?, 0)
  ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
  WHERE retention.holder IS NULL OR retention.holder = excluded.holder OR retention.held_until <= ?`;
export const PROLONG = 'UPDATE retention SET held_until = ? WHERE id = 1 AND holder = ?';
export const LET_GO = `UPDATE retention SET holder = NULL, held_until = 0, started_at = ?, ended_at = ?, left_over = ?
  WHERE id = 1 AND holder = ?`;
export const FIGURES = `SELECT started_at AS "startedAt", ended_at AS "endedAt", left_over AS "left"
  FROM retention WHERE id = 1`;
export const TOTALS = 'SELECT kind, removed FROM retention_totals';
export const ADD_TOTAL = `INSERT INTO retention_totals (kind, removed) VALUES (?, ?)
  ON CONFLICT (kind) DO UPDATE SET removed = retention_totals.removed + excluded.removed`;
