import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sampleRun, accept, acceptOne, claim, claimOne } from './sample-runs.ts';
import { settled, settlement, settleThen, waiting } from './sample-runs.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

/** What every journal does when people intervene. */
export function interventionContract(name: string, factory: InstallFactory): void {
  describe(`interventions: ${name}`, () => {
    describe('on runs nobody holds', () => restingRuns(factory));
    describe('on held runs', () => heldRuns(factory));
  });
}

function restingRuns(factory: InstallFactory): void {
  it('ends a wait when a person says so', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    const retry = { kind: 'retry', run: lease.run.id, by: '19x1', at: 200 } as const;
    assert.equal(await store.journal.intervene(retry), false);
    await settleThen(store, { lease, at: 101, then: waiting('person', 101) });
    assert.equal(await store.journal.intervene(retry), true);
    assert.equal((await claimOne(store, 200, lease.run.id)).run.wait?.for, 'person');
  });

  it('cancels at once what has not begun, and hands its lane on', async (context) => {
    const store = await freshStore(context, factory);
    const [first, second, third] = await accept(store, 10, sampleRun(), sampleRun(), sampleRun());
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    const cancel = { kind: 'cancel', by: '19x1', at: 20, reason: 'not wanted' } as const;
    assert.equal(await store.journal.intervene({ ...cancel, run: second }), true);
    assert.deepEqual(await claim(store, 'a', 30, third), []);
    assert.equal((await store.journal.run(third))?.wait?.key, String(first));
    assert.equal(await store.journal.intervene({ ...cancel, run: first }), true);
    const run = await store.journal.run(first);
    assert.deepEqual([run?.status, run?.endedAt, run?.cancelRequested], ['canceled', 20, 'not wanted']);
    assert.equal((await claim(store, 'a', 30, third)).length, 1);
    assert.equal(await store.journal.intervene({ ...cancel, run: first }), false);
  });

  it('wakes a waiting run to end it', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    await settleThen(store, { lease, at: 101, then: waiting('person', 101) });
    await store.journal.intervene({ kind: 'cancel', run: lease.run.id, by: '19x1', at: 110, reason: 'stop' });
    const again = await claimOne(store, 110, lease.run.id);
    assert.deepEqual([again.run.cancelRequested, again.run.wait?.for], ['stop', 'person']);
  });

  it('refuses commands on runs that there are not', async (context) => {
    const store = await freshStore(context, factory);
    assert.equal(await store.journal.intervene({ kind: 'retry', run: 77, by: '19x1', at: 1 }), false);
    assert.equal(await store.journal.run(77), undefined);
    assert.deepEqual(await store.journal.steps(77), []);
  });
}

function heldRuns(factory: InstallFactory): void {
  it('tells the holder of a run that it is to end', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    const cancel = { kind: 'cancel', run: lease.run.id, by: '19x1', at: 110, reason: 'stop' } as const;
    assert.equal(await store.journal.intervene(cancel), true);
    assert.equal(await store.journal.intervene(cancel), false);
    assert.equal(settled(await store.journal.settle(lease, settlement(111))).cancelRequested, 'stop');
    const then = waiting('time', 112, { until: 500 });
    assert.deepEqual(await settleThen(store, { lease, at: 112, then }), []);
    assert.deepEqual(await claim(store, 'a', 499, lease.run.id), []);
  });

  it('lets no run go to sleep on an unseen request to end', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    const { id } = lease.run;
    await store.journal.intervene({ kind: 'cancel', run: id, by: '19x1', at: 110, reason: 'stop' });
    assert.deepEqual(await settleThen(store, { lease, at: 111, then: waiting('person', 111) }), [id]);
    assert.equal((await claimOne(store, 112, id)).run.cancelRequested, 'stop');
  });
}
