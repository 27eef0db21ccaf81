import type { InboxFilter, InboxJob, InboxJobPart, InboxStore, NewInboxJob } from '../../core/inbox.ts';
import { JOB_IS_THERE } from '../still-there.ts';
import { inboxJobOf } from '../inbox-row.ts';
import type { JobCountRow, JobRow } from '../inbox-row.ts';
import {
  addItemsText,
  itemStateBefore,
  JOB_COUNTS,
  JOB_ENDS,
  LISTED_NUMBERS,
  NEXT_ITEMS,
  SELECT_JOB,
} from '../inbox-text.ts';
import type { SqlText } from '../sql-text.ts';
import type { Session } from './database.ts';
import { numbered } from './postgres-dialect.ts';
import { storable } from './row-set.ts';

type Params<M extends keyof InboxStore> = Parameters<InboxStore[M]>[0];

/** Held while a part is chosen, so that no two nodes get the same. */
const CLAIM_LOCK = 0x4d50494e;

/** A text of the inbox with its values, as this database wants them. */
export function inboxText({ sql, values }: SqlText): [sql: string, values: (string | number | null)[]] {
  const numbers = 'SELECT value::bigint FROM json_array_elements_text(?::json)';
  const stored = values.map((value) => (typeof value === 'string' ? storable(value) : value));
  return [numbered(sql.replaceAll(LISTED_NUMBERS, numbers)), stored];
}

/** To be called inside a transaction, as all that changes something. */
export async function addJob(session: Session, job: NewInboxJob, filter: InboxFilter): Promise<InboxJob | undefined> {
  const { at, by, origin, reason = null, command, perSecond } = { ...job, reason: job.reason ?? null };
  const [row] = await session.all<{ id: number }>(ADD, [
    at,
    storable(by),
    storable(origin),
    reason === null ? null : storable(reason),
    JSON.stringify(command),
    perSecond,
  ]);
  const id = row?.id ?? 0;
  if ((await session.run(...inboxText(addItemsText(id, filter)))) > 0) return readJob(session, id);
  await session.run('DELETE FROM inbox_jobs WHERE id = $1', [id]);
  return undefined;
}

export async function readJob(session: Session, id: number): Promise<InboxJob | undefined> {
  const [row] = await session.all<JobRow>(`${SELECT_JOB} WHERE ${JOB_IS_THERE} AND id = $1`, [id]);
  return row && inboxJobOf(row, await session.all<JobCountRow>(numbered(JOB_COUNTS), [id]));
}

export async function listJobs(
  session: Session,
  { limit, before = Number.MAX_SAFE_INTEGER }: Params<'jobs'>,
): Promise<InboxJob[]> {
  const rows = await session.all<JobRow>(`${SELECT_JOB} WHERE ${JOB_IS_THERE} AND id < $1 ORDER BY id DESC LIMIT $2`, [
    before,
    limit,
  ]);
  const counts = await session.all<JobCountRow & { job: number }>(MANY_COUNTS, [rows.map(({ id }) => id)]);
  return rows.map((row) =>
    inboxJobOf(
      row,
      counts.filter(({ job }) => job === row.id),
    ),
  );
}

export async function claimJob(
  session: Session,
  { owner, now, leaseMs, limit }: Params<'claimJob'>,
): Promise<InboxJobPart | undefined> {
  await session.all('SELECT pg_advisory_xact_lock($1)', [CLAIM_LOCK]);
  for (;;) {
    const [row] = await session.all<JobRow>(NEXT, [now, owner]);
    if (row === undefined || (row.state !== 'running' && row.state !== 'undoing')) return undefined;
    const runs = await session.all<{ run: number }>(ITEMS, [row.id, NEXT_ITEMS[row.state], limit]);
    if (runs.length === 0) {
      await session.run(END, [JOB_ENDS[row.state], now, row.id]);
      continue;
    }
    const dueFrom = Math.max(now, row.nextDue);
    const nextDue = dueFrom + Math.ceil((runs.length * 1000) / row.perSecond);
    await session.run(LEASE, [owner, now + leaseMs, nextDue, row.id]);
    const counts = await session.all<JobCountRow>(numbered(JOB_COUNTS), [row.id]);
    return { job: inboxJobOf(row, counts), runs: runs.map(({ run }) => run), dueFrom };
  }
}

/** True while a command of the job may still take effect on the run; then nobody else decides on it before the transaction ends. */
export async function lockItem(
  session: Session,
  job: number,
  run: number,
  state: 'pending' | 'applied',
): Promise<boolean> {
  const sql = 'SELECT 1 FROM inbox_job_items WHERE job = $1 AND run = $2 AND state = $3 FOR UPDATE';
  return (await session.all(sql, [job, run, state])).length > 0;
}

export async function settleItem(
  session: Session,
  item: {
    readonly job: number;
    readonly run: number;
    readonly state: string;
    readonly code: string | null;
    readonly message: string | null;
    readonly at: number;
  },
): Promise<void> {
  const { job, run, state, code, message, at } = item;
  await session.run(SETTLE, [job, run, state, code, message === null ? null : storable(message), at]);
}

export async function stopJob(session: Session, { id, at, takeBack }: Params<'stopJob'>): Promise<boolean> {
  const [row] = await session.all<JobRow>(`${SELECT_JOB} WHERE ${JOB_IS_THERE} AND id = $1 FOR UPDATE`, [id]);
  const isRunning = row?.state === 'running';
  const isUndone = takeBack && (row?.state === 'done' || row?.state === 'stopped');
  if (!isRunning && !isUndone) return false;
  await session.run(LEAVE, [at, id]);
  if (takeBack) await session.run(UNDO, [id]);
  else await session.run(END, ['stopped', at, id]);
  return true;
}

const ADD = `INSERT INTO inbox_jobs (at, by, origin, reason, command, per_second, state, next_due)
  VALUES ($1, $2, $3, $4, $5, $6, 'running', $1) RETURNING id`;
const MANY_COUNTS = `SELECT job, state, count(*) AS count FROM inbox_job_items WHERE job = ANY($1::bigint[])
  GROUP BY job, state`;
const NEXT = `${SELECT_JOB} WHERE ended_at IS NULL AND (lease_until IS NULL OR lease_until <= $1 OR lease_owner = $2)
  ORDER BY id LIMIT 1 FOR UPDATE`;
const ITEMS = 'SELECT run FROM inbox_job_items WHERE job = $1 AND state = $2 ORDER BY run LIMIT $3';
const LEASE = 'UPDATE inbox_jobs SET lease_owner = $1, lease_until = $2, next_due = $3 WHERE id = $4';
const END = 'UPDATE inbox_jobs SET state = $1, ended_at = $2, lease_owner = NULL, lease_until = NULL WHERE id = $3';
const UNDO = `UPDATE inbox_jobs SET state = 'undoing', ended_at = NULL, lease_owner = NULL, lease_until = NULL WHERE id = $1`;
const LEAVE = `UPDATE inbox_job_items SET state = 'left', at = $1 WHERE job = $2 AND state = 'pending'`;
const SETTLE = `UPDATE inbox_job_items SET state = $3, code = $4, message = $5, at = $6
  WHERE job = $1 AND run = $2 AND state = ${itemStateBefore('$3')}`;
