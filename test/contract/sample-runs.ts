import assert from 'node:assert/strict';
import type { Continuation, Settlement, SettleResult } from '../../src/core/journal.ts';
import type { AcceptedRun, Lease, RunId, RunWait } from '../../src/core/run.ts';
import type { StepIntent, StepOutcome } from '../../src/core/step.ts';
import { emptyUnit } from '../../src/core/unit-of-work.ts';
import type { Store } from '../../src/store/store.ts';
import { committed } from './sample-records.ts';

/** A run of one workflow for one record. */
export function sampleRun(params: Partial<AcceptedRun> = {}): AcceptedRun {
  return {
    workflow: 'product-created',
    revision: 1,
    module: 'Products',
    recordId: '14x1',
    lane: '14x1',
    passWhenWaiting: false,
    trigger: { event: 'create', record: { productname: 'Bolt' }, previous: undefined, changed: ['productname'] },
    undecided: false,
    rootRun: undefined,
    depth: 0,
    initiator: '19x1',
    ...params,
  };
}

/** Accepts runs and gives their ids. */
export async function accept(store: Store, at: number, ...runs: AcceptedRun[]): Promise<readonly RunId[]> {
  return committed(await store.records.commit({ at, records: [], runs, dedup: undefined })).runs;
}

/** Accepts one run and gives its id. */
export async function acceptOne(store: Store, at: number, params: Partial<AcceptedRun> = {}): Promise<RunId> {
  const [id] = await accept(store, at, sampleRun(params));
  return id ?? assert.fail('the run was not accepted');
}

/** Leases of this owner, 1 s long. */
export function claim(store: Store, owner: string, now: number, ...runs: RunId[]): Promise<readonly Lease[]> {
  return store.journal.claim({ owner, runs, now, leaseMs: 1000 });
}

/** The lease of a run that must be claimable. */
export async function claimOne(store: Store, now: number, run: RunId, owner = 'a'): Promise<Lease> {
  const [lease] = await claim(store, owner, now, run);
  return lease ?? assert.fail(`run ${run} is not claimable at ${now}`);
}

/** The first try of a step. */
export function intent(number: number, params: Partial<StepIntent> = {}): StepIntent {
  return {
    number,
    task: `task-${number}`,
    purpose: 'main',
    round: 1,
    attempt: 1,
    frozen: { seed: 's' },
    request: {
      method: 'GET',
      url: 'http://b.example/',
      headers: [['accept', '*/*']],
      body: { text: 'q', bytes: 1, cut: false },
      parameters: [],
    },
    ...params,
  };
}

/** A step that ended well. */
export function outcome(number: number, params: Partial<StepOutcome> = {}): StepOutcome {
  return {
    number,
    status: 'done',
    answer: { status: 200, headers: [], body: { text: 'ok', bytes: 2, cut: false }, durationMs: 5 },
    failure: undefined,
    effects: [],
    warnings: [],
    ...params,
  };
}

/** A commit of a run at a time, that changes nothing but what is given. */
export function settlement(at: number, params: Partial<Settlement> = {}): Settlement {
  return {
    unit: emptyUnit(at),
    outcomes: [],
    begin: undefined,
    progress: {},
    context: undefined,
    then: { kind: 'go-on' },
    ...params,
  };
}

/** A run's end. */
export const completed: Continuation = { kind: 'end', status: 'completed', failure: undefined, handled: false };

/** A wait from a time on. */
export function waiting(kind: RunWait['for'], since: number, more: Partial<RunWait> = {}): Continuation {
  return { kind: 'wait', wait: { for: kind, reason: 'because', since, ...more } };
}

/** The result, which must be a success. */
export function settled(result: SettleResult): Extract<SettleResult, { kind: 'settled' }> {
  assert.equal(result.kind, 'settled');
  return result.kind === 'settled' ? result : assert.fail();
}

/** Lets a claimed run go on as told, and gives what was released. */
export async function settleThen(
  store: Store,
  params: { readonly lease: Lease; readonly at: number; readonly then: Continuation },
): Promise<readonly RunId[]> {
  const { lease, at, then } = params;
  return settled(await store.journal.settle(lease, settlement(at, { then }))).released;
}
