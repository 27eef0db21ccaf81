import type { Clock } from '../../core/clock.ts';
import type { Journal, Settlement } from '../../core/journal.ts';
import type { RecordStore } from '../../core/record-store.ts';
import type { AcceptedRun, Lease, RunTrigger } from '../../core/run.ts';
import { readTraceparent, traceparentOf, type TraceContext, type Tracer } from '../../core/trace.ts';
import type { CommitResult, UnitOfWork } from '../../core/unit-of-work.ts';
import type { Store } from '../../store/store.ts';
import type { EventHub } from '../event-hub.ts';
import type { SecretMask } from './secret-mask.ts';
import type { PulseTaker } from './worker-pulse.ts';

/** Who is told what is asked of a store. */
export interface StoreObservers {
  readonly events: EventHub;
  readonly tracer: Tracer;
  readonly pulse: PulseTaker;
  readonly mask: SecretMask;
  readonly clock: Clock;
}

/**
 * The store, watched: commits are told as events and kept as spans, the runs that they accept carry the trace on, and
 * what the worker asks is its pulse; secrets are noted, for logs to hide them. What is asked and answered stays the same.
 */
export function observedStore(store: Store, observers: StoreObservers): Store {
  return {
    ...store,
    records: observedRecords(store.records, observers),
    journal: observedJournal(store.journal, observers),
    secrets: observers.mask.follow(store.secrets),
  };
}

function observedRecords(records: RecordStore, observers: StoreObservers): RecordStore {
  return {
    ...records,
    commit: (unit) => (isSave(unit) ? commitSave(records, unit, observers) : records.commit(unit)),
  };
}

function isSave({ records, runs, relations = [] }: UnitOfWork): boolean {
  return records.length > 0 || runs.length > 0 || relations.length > 0;
}

async function commitSave(
  records: RecordStore,
  unit: UnitOfWork,
  { events, tracer, clock }: StoreObservers,
): Promise<CommitResult> {
  const parent = tracer.current();
  const startedAt = clock.now();
  const span = tracer.keepsSpans
    ? tracer.start({ name: 'save', kind: 'internal', parent, attributes: { 'mapwright.runs': unit.runs.length } })
    : undefined;
  const trace = span?.context ?? parent;
  let kind: CommitResult['kind'] | 'failed' = 'failed';
  try {
    const result = await records.commit(trace === undefined ? unit : { ...unit, runs: tracedRuns(unit.runs, trace) });
    kind = result.kind;
    if (result.kind === 'committed') tellAccepted(events, unit.runs, result.acceptedAs);
    return result;
  } finally {
    if (events.hears('save-ended')) {
      events.tell({ kind: 'save-ended', outcome: kind, durationMs: Math.max(0, clock.now() - startedAt) });
    }
    span?.end(kind === 'failed' ? { error: 'STORE_UNAVAILABLE' } : { attributes: { 'mapwright.outcome': kind } });
  }
}

function observedJournal(journal: Journal, { events, pulse }: StoreObservers): Journal {
  return {
    ...journal,
    claimDue: (params) => pulse.follow(journal.claimDue(params)),
    claim: (params) => pulse.follow(journal.claim(params)),
    heartbeat: (params) => pulse.follow(journal.heartbeat(params)),
    settle: (lease, settlement) =>
      settlement.unit.runs.length === 0
        ? journal.settle(lease, settlement)
        : settleStarting(journal, { lease, settlement, events }),
  };
}

/** Runs that a run starts belong to its trace. */
async function settleStarting(
  journal: Journal,
  { lease, settlement, events }: { lease: Lease; settlement: Settlement; events: EventHub },
): ReturnType<Journal['settle']> {
  const { runs } = settlement.unit;
  const trace = readTraceparent(lease.run.trigger.traceparent);
  const unit = trace === undefined ? settlement.unit : { ...settlement.unit, runs: tracedRuns(runs, trace) };
  const result = await journal.settle(lease, { ...settlement, unit });
  // Which of them were left out, because they had been started before, is not told here.
  if (result.kind === 'settled') tellAccepted(events, runs, undefined);
  return result;
}

/** One text is stored for all runs that share a trigger, so they go on sharing it. */
function tracedRuns(runs: readonly AcceptedRun[], trace: TraceContext): readonly AcceptedRun[] {
  const traceparent = traceparentOf(trace);
  const traced = new Map<RunTrigger, RunTrigger>();
  return runs.map((run) => {
    const trigger = traced.get(run.trigger) ?? { ...run.trigger, traceparent };
    traced.set(run.trigger, trigger);
    return { ...run, trigger };
  });
}

function tellAccepted(
  events: EventHub,
  runs: readonly AcceptedRun[],
  ids: readonly (number | undefined)[] | undefined,
): void {
  if (runs.length === 0 || !events.hears('run-accepted')) return;
  for (const [index, { workflow }] of runs.entries()) {
    const run = ids?.[index];
    if (ids === undefined || run !== undefined) events.tell({ kind: 'run-accepted', run, workflow });
  }
}
