import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunId } from '../../src/core/run.ts';
import type { Store } from '../../src/store/store.ts';
import {
  accept,
  acceptOne,
  claim,
  claimOne,
  completed,
  sampleRun,
  settlement,
  settleThen,
  waiting,
} from './sample-runs.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const AT = 1_000;
const LATER = 9e12;
const HOLD = { at: AT, ahead: 100, hold: true } as const;

/** What every store does with a database of the past. */
export function recoveryContract(name: string, factory: InstallFactory): void {
  describe(`after a restore: ${name}`, () => {
    describe('what is held', () => holding(factory));
    describe('what a person says of it', () => lettingGo(factory));
    describe('numbers', () => numbers(factory));
  });
}

function holding(factory: InstallFactory): void {
  it('is every unfinished run: due, under way, waiting, or behind another', async (context) => {
    const store = await freshStore(context, factory);
    const [first = 0, behind = 0] = await accept(store, 10, sampleRun(), sampleRun());
    const held = await claimOne(store, 20, first);
    const other = { recordId: '14x2', lane: '14x2' };
    const waits = await claimOne(store, 20, await acceptOne(store, 11, other));
    await settleThen(store, { lease: waits, at: 21, then: waiting('time', 21, { until: 30 }) });
    const free = await acceptOne(store, 12, { recordId: '14x3', lane: '' });
    const done = await store.recovery.afterRestore(HOLD);
    assert.deepEqual(done, { runs: 4, jobs: 0, schedules: 0 });
    for (const run of [first, behind, waits.run.id, free]) {
      assert.deepEqual(await waitOf(store, run), 'person');
      const item = await store.inbox.item(run);
      assert.deepEqual([item?.code, item?.state, item?.inDoubt, item?.since], ['RUN_RESTORED', 'open', true, AT]);
    }
    assert.deepEqual(await store.journal.claimDue({ owner: 'b', limit: 9, now: LATER, leaseMs: 1 }), []);
    assert.equal((await store.journal.settle(held, settlement(LATER))).kind, 'fenced');
  });

  it('is nothing that has ended, and nothing that somebody wants ended', async (context) => {
    const store = await freshStore(context, factory);
    const ended = await claimOne(store, 20, await acceptOne(store, 10));
    await settleThen(store, { lease: ended, at: 21, then: completed });
    const lease = await claimOne(store, 22, await acceptOne(store, 11));
    await settleThen(store, { lease, at: 23, then: waiting('person', 23) });
    await store.journal.intervene({ kind: 'cancel', run: lease.run.id, by: '19x1', at: 24, reason: 'stop' });
    assert.equal((await store.recovery.afterRestore(HOLD)).runs, 0);
    assert.equal((await store.journal.run(ended.run.id))?.status, 'completed');
    assert.equal((await claimOne(store, LATER, lease.run.id)).run.cancelRequested, 'stop');
  });

  it('is a command on many runs, and what schedules have missed', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 20, await acceptOne(store, 10));
    await settleThen(store, { lease, at: 21, then: waiting('person', 21) });
    const asked = { at: 30, by: 'anna', origin: 'test', reason: undefined, command: { kind: 'retry' }, perSecond: 1 };
    const job = await store.inbox.addJob(asked, {});
    const none = { work: undefined, holder: undefined, last: undefined, paused: undefined };
    const state = { name: 'nightly', version: 0, revision: 1, timing: '{}', missed: 0, ...none };
    await store.schedules.save({ ...state, settledUntil: 50 });
    const { jobs, schedules } = await store.recovery.afterRestore(HOLD);
    assert.deepEqual([jobs, schedules], [1, 1]);
    const stopped = await store.inbox.job(job?.id ?? 0);
    assert.deepEqual([stopped?.state, stopped?.counts.left], ['stopped', 1]);
    const settled = await store.schedules.schedule('nightly');
    assert.deepEqual([settled?.settledUntil, settled?.version], [AT, 2]);
  });

  it('is nothing when it is not asked for', async (context) => {
    const store = await freshStore(context, factory);
    const run = await acceptOne(store, 10);
    assert.equal((await store.recovery.afterRestore({ ...HOLD, hold: false })).runs, 0);
    await claimOne(store, 20, run);
  });
}

function lettingGo(factory: InstallFactory): void {
  const retry = (store: Store, run: RunId, at: number) =>
    store.journal.intervene({ kind: 'retry', run, by: '19x1', at });

  it('counts for each run of a lane by itself, and they go one at a time', async (context) => {
    const store = await freshStore(context, factory);
    const [first = 0, second = 0, third = 0] = await accept(store, 10, sampleRun(), sampleRun(), sampleRun());
    await store.recovery.afterRestore(HOLD);
    assert.equal(await retry(store, second, AT + 1), true);
    assert.deepEqual(await waitOf(store, second), 'lane');
    assert.equal((await store.inbox.item(second))?.state, 'resolved');
    assert.deepEqual(await claim(store, 'a', LATER, first, second, third), []);
    assert.equal(await retry(store, first, AT + 2), true);
    const lease = await claimOne(store, AT + 2, first);
    await settleThen(store, { lease, at: AT + 3, then: completed });
    const next = await claimOne(store, AT + 3, second);
    await settleThen(store, { lease: next, at: AT + 4, then: completed });
    // Nobody has said anything about the third.
    assert.deepEqual(await claim(store, 'a', LATER, third), []);
    assert.deepEqual(await waitOf(store, third), 'person');
    assert.equal(await retry(store, third, AT + 5), true);
    await claimOne(store, AT + 5, third);
  });

  it('may be that it ends, which lets no other go on', async (context) => {
    const store = await freshStore(context, factory);
    const [first = 0, second = 0] = await accept(store, 10, sampleRun(), sampleRun());
    await store.recovery.afterRestore(HOLD);
    const cancel = { kind: 'cancel', run: first, by: '19x1', at: AT + 1, reason: 'was done' } as const;
    assert.equal(await store.journal.intervene(cancel), true);
    assert.deepEqual(await claim(store, 'a', LATER, second), []);
    assert.equal(await retry(store, second, AT + 2), true);
    await claimOne(store, AT + 2, second);
  });
}

function numbers(factory: InstallFactory): void {
  it('of new records and runs are beyond all that were given after the backup', async (context) => {
    const install = await factory();
    context.after(() => install.remove());
    const store = await install.open();
    const last = await acceptOne(store, 10);
    const record = await store.records.allocateNumber();
    await store.recovery.afterRestore({ ...HOLD, hold: false });
    const next = await store.records.allocateNumber();
    assert.ok(next >= record + 100, `${record} -> ${next}`);
    assert.ok((await acceptOne(store, 20)) >= last + 100);
    await store.close();
    const again = await install.open();
    context.after(() => again.close());
    assert.ok((await again.records.allocateNumber()) > next);
  });

  it('given by the install that is replaced count too', async (context) => {
    const store = await freshStore(context, factory);
    const given = { recordsBelow: 5_000, rows: { runs: 7_000 } };
    await store.recovery.afterRestore({ ...HOLD, hold: false, given });
    assert.ok((await store.records.allocateNumber()) >= 5_100);
    assert.ok((await acceptOne(store, 20)) > 7_100);
  });
}

async function waitOf(store: Store, run: RunId): Promise<string | undefined> {
  return (await store.journal.run(run))?.wait?.for;
}
