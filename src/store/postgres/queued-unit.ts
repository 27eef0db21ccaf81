import type { Settlement } from '../../core/journal.ts';
import type { AcceptedRun, Lease, RunTrigger } from '../../core/run.ts';
import type { UnitOfWork } from '../../core/unit-of-work.ts';
import { encodeContext } from '../context-encoding.ts';
import type { EncodedContext } from '../context-encoding.ts';
import { encodeSettlement } from '../settlement-encoding.ts';
import type { EncodedSettlement } from '../settlement-encoding.ts';
import type { BatchUnit } from './commit-batches.ts';
import { storable } from './row-set.ts';
import { sizeOfUnit } from './unit-size.ts';

/** A run that a unit accepts, as it is stored. */
export interface OfferedRun {
  readonly run: AcceptedRun;
  readonly trigger: string;
  readonly context: EncodedContext | undefined;
}

/** A run's commit by its holder. */
export interface SettledRun {
  readonly lease: Lease;
  readonly settlement: EncodedSettlement;
}

/** A unit of work that waits for its batch, with everything encoded. */
export interface QueuedUnit extends BatchUnit {
  readonly unit: UnitOfWork;
  readonly offered: readonly OfferedRun[];
  /** Undefined for a commit that belongs to no run. */
  readonly settled: SettledRun | undefined;
}

/** What a unit's records touch and lock; see `BatchUnit`. */
export interface RecordPlan {
  readonly exclusive: readonly string[];
  readonly locks: readonly string[];
}

/** A commit of its own. Throws STORE_CONTEXT_TOO_LARGE. */
export function queuedCommit(unit: UnitOfWork, plan: RecordPlan): QueuedUnit {
  const locks = [...plan.locks, ...unit.runs.flatMap(locksOfOffer)];
  // As it is stored: two keys that come to the same there are one.
  const dedup = unit.dedup === undefined ? [] : [storable(`dedup:${unit.dedup.scope}/${unit.dedup.key}`)];
  const offered = offeredRuns(unit);
  return {
    unit,
    offered,
    size: sizeOfUnit(unit, offered, undefined),
    settled: undefined,
    exclusive: [...plan.exclusive, ...locks.filter(isExclusive), ...dedup],
    locks,
    refusable: true,
  };
}

/** A run's commit. Throws STORE_UNIT_INVALID for one that no journal can keep, STORE_CONTEXT_TOO_LARGE. */
export function queuedSettlement(lease: Lease, settlement: Settlement, plan: RecordPlan): QueuedUnit {
  const { unit } = settlement;
  const own = [...(leavesLane(lease, settlement) ? laneLock(lease.run.lane) : []), ...markOf(lease, settlement)];
  const locks = [...plan.locks, ...unit.runs.flatMap(locksOfOffer), ...own];
  const offered = offeredRuns(unit);
  const encoded = encodeSettlement(settlement);
  return {
    unit,
    offered,
    size: sizeOfUnit(unit, offered, encoded),
    settled: { lease, settlement: encoded },
    exclusive: [...plan.exclusive, ...locks.filter(isExclusive), `run:${lease.run.id}`],
    locks,
    // What a run has done is done: refusing to write it down would only do it again.
    refusable: false,
  };
}

/** True when the run gives its lane to the next one with this commit. */
export function leavesLane({ run }: Lease, { then }: Pick<Settlement, 'then'>): boolean {
  return then.kind === 'end' || (then.kind === 'wait' && run.passWhenWaiting);
}

/** The lock of a lane; the run that has none locks nothing. */
export function laneLock(lane: string): string[] {
  return lane === '' ? [] : [`lane:${lane}`];
}

/** The lock of the mark that a workflow was started for a record by a trigger that fires once; it also names the mark. */
export function markLock(run: Pick<AcceptedRun, 'recordId' | 'workflow'>): string {
  return `mark:${run.recordId ?? ''}/${run.workflow}`;
}

/** The lock of what must be started once by a root for a record; undefined for a run that is its own root. It also names it. */
export function firedLock({ rootRun, recordId, workflow }: AcceptedRun): string | undefined {
  return rootRun === undefined ? undefined : `fired:${rootRun}/${recordId ?? ''}/${workflow}`;
}

function locksOfOffer(run: AcceptedRun): string[] {
  const fired = firedLock(run);
  return [
    ...laneLock(run.lane),
    ...(run.trigger.once === true ? [markLock(run)] : []),
    ...(fired === undefined ? [] : [fired]),
  ];
}

/** A run that gives its mark back, or one whose first step shows that its trigger holds: until then the mark is open. */
function markOf({ run }: Lease, { then }: Settlement): string[] {
  const givesBack = then.kind === 'end' && then.unfired === true;
  return givesBack || (run.undecided && run.trigger.once === true) ? [markLock(run)] : [];
}

/** What records lock, several units may lock together. */
function isExclusive(lock: string): boolean {
  return /^(?:lane|mark|fired):/u.test(lock);
}

/** The runs of one save have one trigger among them, often a large one. */
function offeredRuns({ runs }: UnitOfWork): OfferedRun[] {
  const known = new Map<RunTrigger, string>();
  return runs.map((run) => {
    const trigger = known.get(run.trigger) ?? JSON.stringify(run.trigger);
    known.set(run.trigger, trigger);
    return { run, trigger, context: run.context && encodeContext(run.context) };
  });
}
