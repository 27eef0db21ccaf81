import type { Journal } from '../../core/journal.ts';
import type { Lease, RunId } from '../../core/run.ts';
import type { SqliteDatabase } from './database.ts';
import type { RunContexts } from './run-contexts.ts';
import type { RunLanes } from './run-lanes.ts';
import { runOf } from '../run-row.ts';
import type { RunRow } from '../run-row.ts';
import { SELECT_RUN } from './run-selection.ts';
import type { StepLog } from './step-log.ts';

type Params<M extends keyof Journal> = Parameters<Journal[M]>[0];

/**
 * Who holds which run. A run is claimable when its `due_at` has come; while it is held, that is the end of the lease,
 * so the due and the abandoned are found in one look. Every method belongs inside a unit of the group commit.
 */
export class RunClaims {
  readonly #lanes: RunLanes;
  readonly #contexts: RunContexts;
  readonly #steps: StepLog;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(parts: { db: SqliteDatabase; lanes: RunLanes; contexts: RunContexts; steps: StepLog }) {
    this.#lanes = parts.lanes;
    this.#contexts = parts.contexts;
    this.#steps = parts.steps;
    this.#sql = prepare(parts.db);
  }

  claimDue({ owner, limit, now, leaseMs }: Params<'claimDue'>): Lease[] {
    const leases: Lease[] = [];
    while (leases.length < limit) {
      // What is taken or put back into its lane is not due any more, so the next look finds others.
      const rows = this.#sql.due.all(now, limit - leases.length);
      if (rows.length === 0) break;
      for (const row of rows) {
        const lease = this.#take(row, { owner, now, leaseMs });
        if (lease !== undefined) leases.push(lease);
      }
    }
    return leases;
  }

  claim({ owner, runs, now, leaseMs }: Params<'claim'>): Lease[] {
    return runs.flatMap((id) => {
      const row = this.#sql.dueById.get(id, now);
      const lease = row === undefined ? undefined : this.#take(row, { owner, now, leaseMs });
      return lease ?? [];
    });
  }

  heartbeat({ leases, now, leaseMs }: Params<'heartbeat'>): RunId[] {
    const lost = leases.filter(({ run, owner }) => {
      return this.#sql.prolong.run(now + leaseMs, run.id, run.epoch, owner).changes === 0;
    });
    return lost.map(({ run }) => run.id);
  }

  takeOver({ owner, now }: Params<'takeOver'>): number {
    return this.#sql.takeOver.run(now, owner).changes;
  }

  release({ key, limit, now }: Params<'release'>): RunId[] {
    const released = this.#sql.waitingForPlace.all(key, now, limit).map((row) => row.id);
    for (const id of released) this.#sql.makeDue.run(now, id);
    return released;
  }

  #take(
    row: RunRow,
    by: { readonly owner: string; readonly now: number; readonly leaseMs: number },
  ): Lease | undefined {
    const letOthersPass = row.passWhenWaiting === 1 && row.waitFor !== null;
    if (letOthersPass && this.#lanes.queueBehindHolder(row.lane, row.id)) return undefined;
    this.#sql.take.run(by.owner, by.now + by.leaseMs, by.now, row.id);
    const run = runOf(
      { ...row, status: 'running', epoch: row.epoch + 1, startedAt: row.startedAt ?? by.now },
      this.#contexts.decode,
    );
    return { run, owner: by.owner, openStep: row.startedAt === null ? undefined : this.#steps.openStep(row.id) };
  }
}

function prepare(db: SqliteDatabase) {
  return {
    due: db.prepare<[number, number], RunRow>(`${SELECT_RUN} WHERE due_at <= +? ORDER BY due_at, id LIMIT +?`),
    dueById: db.prepare<[number, number], RunRow>(`${SELECT_RUN} WHERE id = ? AND due_at <= ?`),
    take: db.prepare<[string, number, number, number]>(
      `UPDATE runs SET lease_owner = ?, due_at = ?, started_at = coalesce(started_at, ?), epoch = epoch + 1,
         status = 'running', wait_for = NULL, wait_reason = NULL, wait_since = NULL, wait_until = NULL, wait_key = NULL,
         cancel_told = cancel_requested IS NOT NULL
       WHERE id = ?`,
    ),
    prolong: db.prepare<[number, number, number, string]>(
      'UPDATE runs SET due_at = ? WHERE id = ? AND epoch = ? AND lease_owner = ?',
    ),
    takeOver: db.prepare<[number, string]>(
      'UPDATE runs SET lease_owner = NULL, due_at = ? WHERE due_at IS NOT NULL AND lease_owner <> ?',
    ),
    waitingForPlace: db.prepare<[string, number, number], { id: number }>(
      `SELECT id FROM runs WHERE wait_for = 'limit' AND wait_key = +? AND due_at > +? ORDER BY wait_since, id LIMIT +?`,
    ),
    makeDue: db.prepare<[number, number]>('UPDATE runs SET due_at = ? WHERE id = ?'),
  };
}
