import type { Settlement, SettleResult } from '../../core/journal.ts';
import type { Lease } from '../../core/run.ts';
import type { CommitCounts } from '../../core/store-watch.ts';
import type { CommitResult, UnitOfWork } from '../../core/unit-of-work.ts';
import { CommitBatches } from './commit-batches.ts';
import type { PostgresDatabase } from './database.ts';
import { queuedCommit, queuedSettlement } from './queued-unit.ts';
import type { QueuedUnit } from './queued-unit.ts';
import type { RecordBatch } from './record-batch.ts';
import { commitBatch } from './unit-batch.ts';
import type { UnitOutcome } from './unit-batch.ts';

/**
 * What is committed and claimed is found by its keys, and never by reading a table from end to end. The planner would do
 * that while it remembers a table as small, and a statement is planned once for a long time. A node that was stopped in the
 * middle of a commit gives up its locks before its leases are over: neither its runs nor saves of other nodes wait longer.
 */
export const COMMIT_SETTINGS = `SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
  SET plan_cache_mode = force_generic_plan; SET jit = off;
  SET idle_in_transaction_session_timeout = 5000`;

/** Commits units of work, those asked for at the same time together. */
export class UnitCommits {
  readonly #records: RecordBatch;
  readonly #batches: CommitBatches<QueuedUnit, UnitOutcome>;

  constructor({ db, records }: { readonly db: PostgresDatabase; readonly records: RecordBatch }) {
    this.#records = records;
    this.#batches = new CommitBatches((units, committing) =>
      db.transaction(async (session) => {
        const outcomes = await commitBatch(session, units, records);
        committing();
        return outcomes;
      }),
    );
  }

  /** Rejects with STORE_UNAVAILABLE, STORE_UNIT_INVALID or STORE_CONTEXT_TOO_LARGE. */
  async commit(unit: UnitOfWork): Promise<CommitResult> {
    const outcome = await this.#batches.add(queuedCommit(unit, this.#records.plan(unit)));
    if (outcome.kind === 'fenced') throw new Error('a commit that belongs to no run was fenced');
    if (outcome.kind !== 'applied') return outcome;
    const { records, acceptedAs } = outcome;
    return { kind: 'committed', records, runs: acceptedAs.filter((id) => id !== undefined), acceptedAs };
  }

  /** As `Journal.settle`; rejects with STORE_UNAVAILABLE, STORE_UNIT_INVALID or STORE_CONTEXT_TOO_LARGE. */
  async settle(lease: Lease, settlement: Settlement): Promise<SettleResult> {
    const plan = this.#records.plan(settlement.unit);
    const outcome = await this.#batches.add(queuedSettlement(lease, settlement, plan));
    if (outcome.kind === 'duplicate') throw new Error('a commit of a run has no dedup key');
    if (outcome.kind !== 'applied') return outcome;
    const { records, released, cancelRequested } = outcome;
    return { kind: 'settled', records, released, cancelRequested };
  }

  /** What has been committed so far. */
  counts(): CommitCounts {
    return this.#batches.counts();
  }

  /** Commits what has been asked for; later units are rejected. Safe to repeat. */
  close(): Promise<void> {
    return this.#batches.close();
  }
}
