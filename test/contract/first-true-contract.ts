import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AcceptedRun } from '../../src/core/run.ts';
import type { Store } from '../../src/store/store.ts';
import { committed } from './sample-records.ts';
import { claimOne, completed, intent, sampleRun, settlement, settleThen } from './sample-runs.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

function onceRun(params: Partial<AcceptedRun> = {}): AcceptedRun {
  const run = sampleRun(params);
  return { ...run, trigger: { ...run.trigger, once: true } };
}

/** What became of each run: its id, or undefined when it was left out. */
async function offer(store: Store, ...runs: AcceptedRun[]): Promise<readonly (number | undefined)[]> {
  return committed(await store.records.commit({ at: 10, records: [], runs, dedup: undefined })).acceptedAs;
}

const unfired = { ...completed, status: 'canceled', unfired: true } as const;

/** How every store keeps to triggers that fire once. */
export function firstTrueContract(name: string, factory: InstallFactory): void {
  describe(`triggers that fire once: ${name}`, () => {
    describe('marks', () => marks(factory));
    describe('marks of undecided runs', () => undecidedMarks(factory));
  });
}

function marks(factory: InstallFactory): void {
  it('start a workflow once for each record, for ever', async (context) => {
    const store = await freshStore(context, factory);
    const otherRecord = onceRun({ recordId: '14x2', lane: '14x2' });
    const otherWorkflow = onceRun({ workflow: 'other' });
    assert.deepEqual(await offer(store, onceRun(), onceRun(), otherRecord), [1, undefined, 2]);
    assert.deepEqual(await offer(store, otherWorkflow, onceRun()), [3, undefined]);
    const lease = await claimOne(store, 20, 1);
    await settleThen(store, { lease, at: 21, then: completed });
    assert.deepEqual(await offer(store, onceRun()), [undefined], 'the end of the run changes nothing');
    assert.deepEqual(await offer(store, sampleRun()), [4], 'other triggers of the workflow are free');
    assert.deepEqual(await Promise.all([1, 3, 4].map((run) => store.journal.holdsMark(run))), [true, true, false]);
  });

  it('are set by one of two units at once', async (context) => {
    const store = await freshStore(context, factory);
    const both = await Promise.all([offer(store, onceRun()), offer(store, onceRun())]);
    assert.deepEqual(both.flat(), [1, undefined]);
  });

  it('stay when a decided run is canceled before it begins', async (context) => {
    const store = await freshStore(context, factory);
    await offer(store, onceRun());
    await store.journal.intervene({ kind: 'cancel', run: 1, by: '19x1', at: 20, reason: 'no' });
    assert.deepEqual(await offer(store, onceRun()), [undefined]);
  });
}

function undecidedMarks(factory: InstallFactory): void {
  it('are given back when the trigger turns out not to hold', async (context) => {
    const store = await freshStore(context, factory);
    await offer(store, onceRun({ undecided: true }));
    const lease = await claimOne(store, 20, 1);
    await settleThen(store, { lease, at: 21, then: unfired });
    assert.equal(await store.journal.holdsMark(1), false);
    assert.deepEqual(await offer(store, onceRun()), [2]);
    assert.deepEqual(await offer(store, onceRun()), [undefined]);
  });

  it('pass to the next run that was offered meanwhile', async (context) => {
    const store = await freshStore(context, factory);
    await offer(store, onceRun({ undecided: true }));
    assert.deepEqual(await offer(store, onceRun(), sampleRun({ undecided: true }), onceRun()), [2, 3, 4]);
    assert.equal((await store.journal.run(2))?.undecided, true, 'it has to be judged after the first');
    const lease = await claimOne(store, 20, 1);
    await settleThen(store, { lease, at: 21, then: unfired });
    assert.deepEqual(await Promise.all([2, 3, 4].map((run) => store.journal.holdsMark(run))), [true, false, false]);
  });

  it('are final once the run has begun a step', async (context) => {
    const store = await freshStore(context, factory);
    await offer(store, onceRun({ undecided: true }));
    const lease = await claimOne(store, 20, 1);
    await store.journal.settle(lease, settlement(21, { begin: intent(1) }));
    assert.deepEqual(await offer(store, onceRun()), [undefined]);
  });

  it('are given back when the run is canceled before it begins', async (context) => {
    const store = await freshStore(context, factory);
    await offer(store, onceRun({ undecided: true }));
    await store.journal.intervene({ kind: 'cancel', run: 1, by: '19x1', at: 20, reason: 'no' });
    assert.deepEqual(await offer(store, onceRun()), [2]);
  });
}
