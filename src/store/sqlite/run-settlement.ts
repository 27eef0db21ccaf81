import type { Continuation, SettleResult, Settlement } from '../../core/journal.ts';
import type { Lease, RunId, RunWait } from '../../core/run.ts';
import type { EncodedContext } from '../context-encoding.ts';
import type { SqliteDatabase } from './database.ts';
import type { RunContexts } from './run-contexts.ts';
import type { RunLanes } from './run-lanes.ts';
import { invalidUnit } from './sqlite-failure.ts';
import type { StepLog } from './step-log.ts';
import type { UnitWriter } from './unit-writer.ts';

/** How long a run waits for a place when its wait names no end: somebody must look again if the event is missed. */
const LONGEST_LIMIT_WAIT_MS = 60_000;

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
  readonly #sql: ReturnType<typeof prepare>;

  constructor(parts: {
    readonly db: SqliteDatabase;
    readonly units: UnitWriter;
    readonly lanes: RunLanes;
    readonly steps: StepLog;
    readonly contexts: RunContexts;
  }) {
    this.#units = parts.units;
    this.#lanes = parts.lanes;
    this.#steps = parts.steps;
    this.#contexts = parts.contexts;
    this.#sql = prepare(parts.db);
  }

  /** To be called inside a unit of the group commit, and undone by the caller when the answer is `conflict`. */
  settle(lease: Lease, settlement: Settlement, context: EncodedContext | undefined): SettleResult {
    const id = lease.run.id;
    const { unit, then } = settlement;
    const held = this.#sql.held.get(id, lease.run.epoch, lease.owner);
    if (held === undefined) return { kind: 'fenced' };
    const applied = this.#units.apply(unit);
    if (!('committed' in applied)) return refusal(applied);
    for (const outcome of settlement.outcomes) this.#steps.end(id, outcome, unit.at);
    if (settlement.begin !== undefined) this.#steps.begin(id, settlement.begin, unit.at);
    if (context !== undefined) this.#contexts.write(id, context);
    this.#sql.progress.run(JSON.stringify(settlement.progress), id);
    const cancelIsNew = held.cancelRequested !== null && held.cancelTold === 0;
    if (cancelIsNew) this.#sql.cancelTold.run(id);
    const released = this.#goOn(id, { held, then, at: unit.at, cancelIsNew });
    return {
      kind: 'settled',
      records: applied.committed.records,
      released: [...applied.claimable, ...released],
      cancelRequested: held.cancelRequested ?? undefined,
    };
  }

  #goOn(
    id: RunId,
    params: { readonly held: HeldRun; readonly then: Continuation; readonly at: number; readonly cancelIsNew: boolean },
  ): RunId[] {
    const { held, then, at, cancelIsNew } = params;
    if (then.kind === 'go-on') return [];
    if (then.kind === 'end') {
      const failure = then.failure === undefined ? null : JSON.stringify(then.failure);
      this.#sql.end.run(then.status, failure, Number(then.handled), at, id);
      return this.#passOn(held.lane, id, at);
    }
    // Nobody would see a request that came while the run was held, if it went to sleep now.
    this.#sql.wait.run({ ...waitColumns(then.wait), dueAt: cancelIsNew ? at : dueAfter(then.wait, at), id });
    const next = held.passWhenWaiting === 1 ? this.#passOn(held.lane, id, at) : [];
    return cancelIsNew ? [...next, id] : next;
  }

  #passOn(lane: string, id: RunId, at: number): RunId[] {
    return [this.#lanes.passOn(lane, id, at)].filter((next) => next !== undefined);
  }
}

/** Throws STORE_UNIT_INVALID for a settlement that no journal can keep. */
export function requireSettleable({ unit, then }: Settlement): void {
  if (unit.dedup !== undefined) throw invalidUnit('The commit of a run has no dedup key: its lease makes it unique.');
  if (then.kind !== 'wait') return;
  if (then.wait.for === 'lane') throw invalidUnit('Only the journal lets a run wait for its lane.');
  if (then.wait.for === 'time' && then.wait.until === undefined) throw invalidUnit('A wait for time needs an end.');
}

function refusal(refused: { readonly kind: 'conflict'; readonly id: string } | { readonly kind: 'duplicate' }) {
  if (refused.kind === 'conflict') return refused;
  throw invalidUnit('The commit of a run has no dedup key.');
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
  return {
    held: db.prepare<[number, number, string], HeldRun>(
      `SELECT lane, pass_when_waiting AS passWhenWaiting, cancel_requested AS cancelRequested,
         cancel_told AS cancelTold
       FROM runs WHERE id = ? AND epoch = ? AND lease_owner = ?`,
    ),
    progress: db.prepare<[string, number]>('UPDATE runs SET progress = ? WHERE id = ?'),
    cancelTold: db.prepare<[number]>('UPDATE runs SET cancel_told = 1 WHERE id = ?'),
    end: db.prepare<[string, string | null, number, number, number]>(
      `UPDATE runs SET status = ?, failure = ?, handled = ?, ended_at = ?, due_at = NULL, lease_owner = NULL
       WHERE id = ?`,
    ),
    wait: db.prepare<ReturnType<typeof waitColumns> & { dueAt: number | null; id: number }>(
      `UPDATE runs SET wait_for = @waitFor, wait_reason = @reason, wait_since = @since, wait_until = @until,
         wait_key = @key, due_at = @dueAt, lease_owner = NULL
       WHERE id = @id`,
    ),
  };
}
