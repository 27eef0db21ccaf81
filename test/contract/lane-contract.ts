import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accept, acceptOne, claim, claimOne, completed, sampleRun, settled } from './sample-runs.ts';
import { settlement, settleThen, waiting } from './sample-runs.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

/** How every journal keeps the order of lanes. */
export function laneContract(name: string, factory: InstallFactory): void {
  describe(`lanes: ${name}`, () => {
    describe('that hold', () => holdingLanes(factory));
    describe('that let pass', () => passingLanes(factory));
  });
}

function holdingLanes(factory: InstallFactory): void {
  it('gives one run of a lane at a time, in the order of acceptance', async (context) => {
    const store = await freshStore(context, factory);
    const [first, second, third] = await accept(store, 10, sampleRun(), sampleRun(), sampleRun());
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    const wait = (await store.journal.run(second))?.wait;
    assert.deepEqual([wait?.for, wait?.key, wait?.since], ['lane', String(first), 10]);
    const due = await store.journal.claimDue({ owner: 'a', limit: 9, now: 20, leaseMs: 1000 });
    assert.deepEqual(
      due.map((lease) => lease.run.id),
      [first],
    );
    assert.deepEqual(await claim(store, 'a', 9e9, second, third), []);
    const [lease] = due;
    assert.ok(lease !== undefined);
    assert.deepEqual(await settleThen(store, { lease, at: 21, then: completed }), [second]);
    assert.equal((await store.journal.run(second))?.wait, undefined);
    const next = await claimOne(store, 21, second);
    assert.deepEqual(await settleThen(store, { lease: next, at: 22, then: completed }), [third]);
  });

  it('keeps a lane while its run waits', async (context) => {
    const store = await freshStore(context, factory);
    const first = await acceptOne(store, 10);
    const second = await acceptOne(store, 11);
    const lease = await claimOne(store, 20, first);
    assert.deepEqual(await settleThen(store, { lease, at: 21, then: waiting('person', 21) }), []);
    assert.deepEqual(await claim(store, 'a', 9e9, second), []);
    assert.equal(await store.journal.intervene({ kind: 'retry', run: second, by: '19x1', at: 30 }), false);
  });

  it('puts what a run starts in its own lane behind it', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 20, await acceptOne(store, 10));
    const unit = { at: 21, records: [], runs: [sampleRun({ workflow: 'other' })], dedup: undefined };
    const result = settled(await store.journal.settle(lease, settlement(21, { unit, then: completed })));
    assert.deepEqual(result.released, [lease.run.id + 1]);
  });

  it('lets one go at a time of several that a run starts in its own lane as it ends', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 20, await acceptOne(store, 10));
    const runs = [sampleRun({ workflow: 'one' }), sampleRun({ workflow: 'two' })];
    const unit = { at: 21, records: [], runs, dedup: undefined };
    const result = settled(await store.journal.settle(lease, settlement(21, { unit, then: completed })));
    assert.deepEqual(result.released, [lease.run.id + 1]);
    assert.equal((await store.journal.run(lease.run.id + 2))?.wait?.key, String(lease.run.id + 1));
    assert.equal((await store.journal.claimDue({ owner: 'a', limit: 9, now: 22, leaseMs: 1000 })).length, 1);
  });

  it('makes no run wait that has no lane', async (context) => {
    const store = await freshStore(context, factory);
    const ids = await accept(store, 10, sampleRun({ lane: '' }), sampleRun({ lane: '' }));
    assert.equal((await claim(store, 'a', 20, ...ids)).length, 2);
  });
}

function passingLanes(factory: InstallFactory): void {
  it('lets later runs pass while one waits, and puts it behind them when its time comes', async (context) => {
    const store = await freshStore(context, factory);
    const [first, second] = await accept(store, 10, sampleRun({ passWhenWaiting: true }), sampleRun());
    assert.ok(first !== undefined && second !== undefined);
    const lease = await claimOne(store, 20, first);
    const then = waiting('time', 21, { until: 30 });
    assert.deepEqual(await settleThen(store, { lease, at: 21, then }), [second]);
    const other = await claimOne(store, 22, second);
    const third = await acceptOne(store, 23);
    assert.deepEqual(await claim(store, 'a', 40, first), []);
    assert.equal((await store.journal.run(first))?.wait?.key, String(second));
    assert.deepEqual(await settleThen(store, { lease: other, at: 50, then: completed }), [first]);
    const again = await claimOne(store, 50, first);
    assert.deepEqual(again.run.wait, { for: 'time', reason: 'because', since: 21, until: 30 });
    assert.equal((await store.journal.run(third))?.wait?.key, String(first));
    assert.deepEqual(await settleThen(store, { lease: again, at: 51, then: completed }), [third]);
  });

  it('makes a new run claimable at once while all others let it pass', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 20, await acceptOne(store, 10, { passWhenWaiting: true }));
    await settleThen(store, { lease, at: 21, then: waiting('person', 21) });
    const second = await acceptOne(store, 22);
    assert.equal((await claim(store, 'a', 23, second)).length, 1);
    await store.journal.intervene({ kind: 'retry', run: lease.run.id, by: '19x1', at: 24 });
    assert.deepEqual(await store.journal.claimDue({ owner: 'a', limit: 9, now: 25, leaseMs: 1000 }), []);
  });
}
