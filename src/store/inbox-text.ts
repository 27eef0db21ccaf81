import type { InboxFilter, InboxJobItemState } from '../core/inbox.ts';
import { UNRESOLVED } from '../core/inbox.ts';
import type { RunId } from '../core/run.ts';
import type { SqlText, SqlValue } from './sql-text.ts';

type Part = readonly [sql: string, ...values: SqlValue[]];

/**
 * Of the rows that a filter finds, each a WHERE on the table `inbox`. What still needs somebody is little among much, so its
 * causes have an index of their own, which the literal condition names.
 */
export function conditionOf(filter: InboxFilter): SqlText {
  const parts = [...stateParts(filter), ...otherParts(filter)];
  return { sql: parts.map(([sql]) => sql).join(' AND '), values: parts.flatMap(([, ...values]) => values) };
}

function stateParts({ state = UNRESOLVED }: InboxFilter): Part[] {
  const isUnresolved = state.every((one) => UNRESOLVED.includes(one));
  return [
    ...(isUnresolved ? [[UNRESOLVED_ONLY] as const] : []),
    ...(!isUnresolved || state.length < UNRESOLVED.length ? [oneOf('inbox.state', state)] : []),
  ];
}

function otherParts(filter: InboxFilter): Part[] {
  const parts: Part[] = [];
  if (filter.owner === null) parts.push(['inbox.owner IS NULL']);
  else if (filter.owner !== undefined) parts.push(['inbox.owner = ?', filter.owner]);
  if (filter.code !== undefined) parts.push(['inbox.code = ?', filter.code]);
  if (filter.destination !== undefined) parts.push(['inbox.destination = ?', filter.destination]);
  if (filter.workflow !== undefined) parts.push(['inbox.workflow = ?', filter.workflow]);
  if (filter.module !== undefined) parts.push(['inbox.module = ?', filter.module]);
  if (filter.recordId !== undefined) parts.push(['inbox.record_id = ?', filter.recordId]);
  if (filter.since !== undefined) parts.push(['inbox.since >= ?', filter.since]);
  // One text for any number of them: a list may be long.
  if (filter.runs !== undefined) parts.push([`inbox.run IN (${LISTED_NUMBERS})`, JSON.stringify(filter.runs)]);
  return parts;
}

/** As the indexes of the few say it. */
const UNRESOLVED_ONLY = `inbox.state IN ('open', 'acknowledged')`;

function oneOf(column: string, values: readonly string[]): Part {
  return values.length === 0 ? ['1 = 0'] : [`${column} IN (${values.map(() => '?').join(', ')})`, ...values];
}

/** The numbers of a JSON list; replaced where the database has another way to read one. */
export const LISTED_NUMBERS = 'SELECT value FROM json_each(?)';

/** The causes of what the filter finds, with the message of the newest run of each. */
export function groupsText(filter: InboxFilter): SqlText {
  const { sql, values } = conditionOf(filter);
  return {
    sql: `SELECT found.code, found.destination, found.workflow, found.count, found.oldest, found.newest, found.run,
        example.message
      FROM (SELECT code, destination, workflow, count(*) AS count, min(since) AS oldest, max(since) AS newest,
          max(run) AS run
        FROM inbox WHERE ${sql} GROUP BY code, destination, workflow) AS found
      JOIN inbox AS example ON example.run = found.run
      ORDER BY found.count DESC, found.code, found.destination, found.workflow`,
    values,
  };
}

/** Rows with what there is to say of their runs, to be followed by WHERE. */
export const SELECT_ITEM = `SELECT inbox.run, inbox.state, inbox.kind, inbox.code, inbox.destination, inbox.workflow,
    inbox.module, inbox.record_id AS "recordId", inbox.task, inbox.message, inbox.in_doubt AS "inDoubt", inbox.since,
    inbox.times, inbox.owner, inbox.note, inbox.changed_at AS "changedAt", inbox.changed_by AS "changedBy",
    inbox.resolution, runs.status, runs.wait_for AS "waitFor",
    CASE WHEN runs.ended_at IS NULL AND runs.lane <> '' AND runs.pass_when_waiting = 0 AND runs.blocked_by IS NULL
      THEN (SELECT count(*) FROM runs AS other
        WHERE other.lane = runs.lane AND other.ended_at IS NULL AND other.blocked_by IS NOT NULL)
      ELSE 0 END AS "holdsBack"
  FROM inbox JOIN runs ON runs.id = inbox.run`;

/** Makes the runs that the filter finds items of a job. */
export function addItemsText(job: number, filter: InboxFilter): SqlText {
  const { sql, values } = conditionOf(filter);
  return {
    sql: `INSERT INTO inbox_job_items (job, run, state) SELECT CAST(? AS bigint), run, 'pending' FROM inbox WHERE ${sql}`,
    values: [job, ...values],
  };
}

export const HISTORY = `SELECT sequence AS id, run, at, by, origin, action, reason, took_effect AS "tookEffect", before, after
  FROM audit WHERE run = ? ORDER BY sequence DESC LIMIT ?`;

export const SELECT_JOB = `SELECT id, at, by, origin, reason, command, per_second AS "perSecond", state,
    next_due AS "nextDue", ended_at AS "endedAt"
  FROM inbox_jobs`;

export const JOB_COUNTS = 'SELECT state, count(*) AS count FROM inbox_job_items WHERE job = ? GROUP BY state';

export function jobItemsText(params: {
  readonly job: number;
  readonly state?: readonly InboxJobItemState[];
  readonly after?: RunId;
  readonly limit: number;
}): SqlText {
  const { job, state, after = 0, limit } = params;
  const [only, ...values] = state === undefined ? ['1 = 1'] : oneOf('state', state);
  return {
    sql: `SELECT run, state, code, message, at FROM inbox_job_items WHERE job = ? AND run > ? AND ${String(only)}
      ORDER BY run LIMIT ?`,
    values: [job, after, ...values, limit],
  };
}

/** What a job in this state still has to reach. */
export const NEXT_ITEMS = { running: 'pending', undoing: 'applied' } as const;
/** What a job in this state comes to when nothing is left to reach. */
export const JOB_ENDS = { running: 'done', undoing: 'undone' } as const;

/**
 * The state from which an item of a job comes to the one that `mark` stands for. A worker that is behind another finds the
 * item settled: what it says then must not replace what was done.
 */
export function itemStateBefore(mark: string): string {
  return `CASE WHEN ${mark} IN ('kept', 'taken-back') THEN 'applied' ELSE 'pending' END`;
}
