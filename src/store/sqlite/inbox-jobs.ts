import type { InboxFilter, InboxJob, InboxJobPart, InboxStore, NewInboxJob } from '../../core/inbox.ts';
import { addItemsText, itemStateBefore, JOB_COUNTS, JOB_ENDS, NEXT_ITEMS, SELECT_JOB } from '../inbox-text.ts';
import { JOB_IS_THERE } from '../still-there.ts';
import { inboxJobOf } from '../inbox-row.ts';
import type { JobCountRow, JobRow } from '../inbox-row.ts';
import type { SqliteDatabase } from './database.ts';

type Params<M extends keyof InboxStore> = Parameters<InboxStore[M]>[0];

/** Commands on many runs. Methods that change something belong inside a unit of the group commit. */
export class InboxJobs {
  readonly #db: SqliteDatabase;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase) {
    this.#db = db;
    this.#sql = prepare(db);
  }

  add({ at, by, origin, reason, command, perSecond }: NewInboxJob, filter: InboxFilter): InboxJob | undefined {
    const given = [at, by, origin, reason ?? null, JSON.stringify(command), perSecond, at] as const;
    const { lastInsertRowid } = this.#sql.add.run(...given);
    const id = Number(lastInsertRowid);
    const { sql, values } = addItemsText(id, filter);
    if (this.#db.prepare(sql).run(...values).changes > 0) return this.job(id);
    this.#sql.remove.run(id);
    return undefined;
  }

  job(id: number): InboxJob | undefined {
    const row = this.#sql.job.get(id);
    return row && inboxJobOf(row, this.#sql.counts.all(id));
  }

  jobs({ limit, before = Number.MAX_SAFE_INTEGER }: Params<'jobs'>): InboxJob[] {
    return this.#sql.jobs.all(before, limit).map((row) => inboxJobOf(row, this.#sql.counts.all(row.id)));
  }

  claim({ owner, now, leaseMs, limit }: Params<'claimJob'>): InboxJobPart | undefined {
    for (;;) {
      const row = this.#sql.next.get(now, owner);
      if (row === undefined || (row.state !== 'running' && row.state !== 'undoing')) return undefined;
      const runs = this.#sql.items.all(row.id, NEXT_ITEMS[row.state], limit).map(({ run }) => run);
      if (runs.length === 0) {
        this.#sql.end.run(JOB_ENDS[row.state], now, row.id);
        continue;
      }
      const dueFrom = Math.max(now, row.nextDue);
      const nextDue = dueFrom + Math.ceil((runs.length * 1000) / row.perSecond);
      this.#sql.lease.run(owner, now + leaseMs, nextDue, row.id);
      return { job: inboxJobOf(row, this.#sql.counts.all(row.id)), runs, dueFrom };
    }
  }

  /** True while a command of the job may still take effect on the run. */
  isOpen(job: number, run: number, state: 'pending' | 'applied'): boolean {
    return this.#sql.isOpen.get(job, run, state) !== undefined;
  }

  settle(item: {
    readonly job: number;
    readonly run: number;
    readonly state: string;
    readonly code: string | null;
    readonly message: string | null;
    readonly at: number;
  }): void {
    this.#sql.settle.run(item);
  }

  stop({ id, at, takeBack }: Params<'stopJob'>): boolean {
    const row = this.#sql.job.get(id);
    const isRunning = row?.state === 'running';
    const isUndone = takeBack && (row?.state === 'done' || row?.state === 'stopped');
    if (!isRunning && !isUndone) return false;
    this.#sql.leave.run(at, id);
    if (takeBack) this.#sql.undo.run(id);
    else this.#sql.end.run('stopped', at, id);
    return true;
  }
}

function prepare(db: SqliteDatabase) {
  return {
    add: db.prepare<[number, string, string, string | null, string, number, number]>(
      `INSERT INTO inbox_jobs (at, by, origin, reason, command, per_second, state, next_due)
       VALUES (?, ?, ?, ?, ?, ?, 'running', ?)`,
    ),
    remove: db.prepare<[number]>('DELETE FROM inbox_jobs WHERE id = ?'),
    job: db.prepare<[number], JobRow>(`${SELECT_JOB} WHERE ${JOB_IS_THERE} AND id = ?`),
    jobs: db.prepare<[number, number], JobRow>(
      `${SELECT_JOB} WHERE ${JOB_IS_THERE} AND id < ? ORDER BY id DESC LIMIT +?`,
    ),
    counts: db.prepare<[number], JobCountRow>(JOB_COUNTS),
    next: db.prepare<[number, string], JobRow>(
      `${SELECT_JOB} WHERE ended_at IS NULL AND (lease_until IS NULL OR lease_until <= +? OR lease_owner = +?)
       ORDER BY id LIMIT 1`,
    ),
    items: db.prepare<[number, string, number], { run: number }>(
      'SELECT run FROM inbox_job_items WHERE job = ? AND state = ? ORDER BY run LIMIT +?',
    ),
    lease: db.prepare<[string, number, number, number]>(
      'UPDATE inbox_jobs SET lease_owner = ?, lease_until = ?, next_due = ? WHERE id = ?',
    ),
    end: db.prepare<[string, number, number]>(
      'UPDATE inbox_jobs SET state = ?, ended_at = ?, lease_owner = NULL, lease_until = NULL WHERE id = ?',
    ),
    undo: db.prepare<[number]>(
      `UPDATE inbox_jobs SET state = 'undoing', ended_at = NULL, lease_owner = NULL, lease_until = NULL WHERE id = ?`,
    ),
    leave: db.prepare<[number, number]>(
      `UPDATE inbox_job_items SET state = 'left', at = ? WHERE job = ? AND state = 'pending'`,
    ),
    isOpen: db.prepare<[number, number, string], unknown>(
      'SELECT 1 FROM inbox_job_items WHERE job = ? AND run = ? AND state = ?',
    ),
    settle: db.prepare<{
      job: number;
      run: number;
      state: string;
      code: string | null;
      message: string | null;
      at: number;
    }>(
      `UPDATE inbox_job_items SET state = @state, code = @code, message = @message, at = @at
       WHERE job = @job AND run = @run AND state = ${itemStateBefore('@state')}`,
    ),
  };
}
