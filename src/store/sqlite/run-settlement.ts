import type { Continuation, SettleResult } from '../../core/journal.ts';
import type { Lease, Run, RunId, RunWait } from '../../core/run.ts';
import type { BusinessKeys } from './business-keys.ts';
import type { SqliteDatabase } from './database.ts';
import type { FirstTrueMarks } from './first-true-marks.ts';
import { endedCountsOf } from '../ended-counts.ts';
import { inboxEntryOf } from '../inbox-entry.ts';
import type { Inbox } from './inbox.ts';
import type { RunContexts } from './run-contexts.ts';
import type { RunCounts } from './run-counts.ts';
import type { RunLanes } from './run-lanes.ts';
import { withAcceptedRuns } from '../settlement-encoding.ts';
import type { EncodedSettlement } from '../settlement-encoding.ts';
import { invalidUnit } from '../invalid-unit.ts';
import type { StepLog } from './step-log.ts';
import type { UnitWriter } from './unit-writer.ts';

/** How long a run waits for a place when its wait names no end: somebody must look again if the event is missed. */
const LONGEST_LIMIT_WAIT_MS = 60_000;

type WaitingRun = ReturnType<typeof waitColumns> & {
  readonly dueAt: number | null;
  readonly at: number;
  readonly progress: string;
  readonly id: number;
  readonly epoch: number;
  readonly owner: string;
};

interface HeldRun {
  readonly lane: string;
  readonly passWhenWaiting: number;
  readonly cancelRequested: string | null;
  readonly cancelTold: number;
}

/** Commits of runs by those who hold them. */
export class RunSettlements {
  readonly #units: UnitWriter;
  readonly #lanes: RunLanes;
  readonly #steps: StepLog;
  readonly #contexts: RunContexts;
  readonly #keys: BusinessKeys;
  readonly #marks: FirstTrueMarks;
  readonly #inbox: Inbox;
  readonly #counts: RunCounts;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(parts: {
    readonly db: SqliteDatabase;
    readonly units: UnitWriter;
    readonly lanes: RunLanes;
    readonly steps: StepLog;
    readonly contexts: RunContexts;
    readonly keys: BusinessKeys;
    readonly marks: FirstTrueMarks;
    readonly inbox: Inbox;
    readonly counts: RunCounts;
  }) {
    this.#units = parts.units;
    this.#lanes = parts.lanes;
    this.#steps = parts.steps;
    this.#contexts = parts.contexts;
    this.#keys = parts.keys;
    this.#marks = parts.marks;
    this.#inbox = parts.inbox;
    this.#counts = parts.counts;
    this.#sql = prepare(parts.db);
  }

  /** To be called inside a unit of the group commit, and undone by the caller when the answer is `conflict`. */
  settle(lease: Lease, settlement: EncodedSettlement): SettleResult {
    const { id } = lease.run;
    const { unit, then, context } = settlement;
    const held = this.#put(lease, settlement);
    if (held === undefined) return { kind: 'fenced' };
    // Before its unit accepts others: those may hold the lane then, and what waits behind them must go on waiting.
    const next = then.kind === 'end' || passesWhile(then, held) ? this.#passOn(held.lane, id, unit.at) : [];
    const applied = this.#units.apply(unit);
    if (!('committed' in applied)) return refusal(applied);
    const { records, acceptedAs } = applied.committed;
    for (const outcome of settlement.outcomes) this.#steps.end(id, withAcceptedRuns(outcome, acceptedAs), unit.at);
    if (settlement.begin !== undefined) this.#steps.begin(id, settlement.begin, unit.at);
    if (context !== undefined) this.#contexts.write(id, context);
    if (settlement.keys !== undefined) this.#keys.write(id, settlement.keys);
    if (then.kind === 'end') {
      this.#counts.add(endedCountsOf([{ status: then.status, handled: Number(then.handled) }]));
      if (then.unfired === true) this.#marks.giveBack(id);
    }
    const cancelIsNew = held.cancelRequested !== null && held.cancelTold === 0;
    if (cancelIsNew) this.#sql.cancelTold.run(id);
    const entry = cancelIsNew && then.kind === 'wait' ? undefined : inboxEntryOf(then);
    if (entry !== undefined) this.#inbox.add(id, entry, unit.at);
    const again = cancelIsNew && then.kind === 'wait' ? [id] : [];
    return {
      kind: 'settled',
      records,
      released: [...applied.claimable, ...next, ...again],
      cancelRequested: held.cancelRequested ?? undefined,
    };
  }

  /** Writes the run's own row, if the lease still holds it; one statement, which also tells what is needed of the row. */
  #put({ run, owner }: Lease, { then, unit, progress }: EncodedSettlement): HeldRun | undefined {
    const { id, epoch } = run;
    if (then.kind === 'go-on') {
      // Most commits find no request to cancel, and tell nothing but that they took effect.
      if (this.#sql.goOnUncanceled.run(progress, id, epoch, owner).changes > 0) return uncanceled(run);
      return this.#sql.goOn.get(progress, id, epoch, owner);
    }
    if (then.kind === 'end') {
      const failure = then.failure === undefined ? null : JSON.stringify(then.failure);
      return this.#sql.end.get(progress, then.status, failure, Number(then.handled), unit.at, id, epoch, owner);
    }
    const { at } = unit;
    const wait = { ...waitColumns(then.wait), dueAt: dueAfter(then.wait, at), at };
    return this.#sql.wait.get({ ...wait, progress, id, epoch, owner });
  }

  #passOn(lane: string, id: RunId, at: number): RunId[] {
    return [this.#lanes.passOn(lane, id, at)].filter((next) => next !== undefined);
  }
}

function refusal(refused: { readonly kind: 'conflict'; readonly id: string } | { readonly kind: 'duplicate' }) {
  if (refused.kind === 'conflict') return refused;
  throw invalidUnit('The commit of a run has no dedup key.');
}

function uncanceled({ lane, passWhenWaiting }: Run): HeldRun {
  return { lane, passWhenWaiting: Number(passWhenWaiting), cancelRequested: null, cancelTold: 0 };
}

/** A run that lets others pass gives up its lane while it waits. */
function passesWhile(then: Continuation, held: HeldRun): boolean {
  return then.kind === 'wait' && held.passWhenWaiting === 1;
}

function dueAfter(wait: RunWait, at: number): number | null {
  if (wait.for === 'person') return null;
  return wait.until ?? at + LONGEST_LIMIT_WAIT_MS;
}

function waitColumns(wait: RunWait) {
  return {
    waitFor: wait.for,
    reason: wait.reason,
    since: wait.since,
    until: wait.until ?? null,
    key: wait.key ?? null,
  };
}

function prepare(db: SqliteDatabase) {
  const held = `WHERE id = @id AND epoch = @epoch AND lease_owner = @owner`;
  const told = `RETURNING lane, pass_when_waiting AS passWhenWaiting, cancel_requested AS cancelRequested,
    cancel_told AS cancelTold`;
  const positional = 'WHERE id = ? AND epoch = ? AND lease_owner = ?';
  return {
    goOnUncanceled: db.prepare<[string, number, number, string]>(
      `UPDATE runs SET progress = ? ${positional} AND cancel_requested IS NULL`,
    ),
    goOn: db.prepare<[string, number, number, string], HeldRun>(`UPDATE runs SET progress = ? ${positional} ${told}`),
    cancelTold: db.prepare<[number]>('UPDATE runs SET cancel_told = 1 WHERE id = ?'),
    end: db.prepare<[string, string, string | null, number, number, number, number, string], HeldRun>(
      `UPDATE runs SET progress = ?, status = ?, failure = ?, handled = ?, ended_at = ?, due_at = NULL,
         lease_owner = NULL ${positional} ${told}`,
    ),
    // Nobody would see a request to cancel that came while the run was held, if it went to sleep now.
    wait: db.prepare<WaitingRun, HeldRun>(
      `UPDATE runs SET progress = @progress, wait_for = @waitFor, wait_reason = @reason, wait_since = @since,
         wait_until = @until, wait_key = @key, lease_owner = NULL,
         due_at = iif(cancel_requested IS NOT NULL AND cancel_told = 0, @at, @dueAt) ${held} ${told}`,
    ),
  };
}
