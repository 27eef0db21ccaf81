import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sampleRun, accept, acceptOne, claim, claimOne, completed, intent, outcome } from './sample-runs.ts';
import { settlement, settleThen, waiting } from './sample-runs.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

/** How the journal of an install with one process takes over what an earlier process held. */
export function takeOverContract(name: string, factory: InstallFactory): void {
  describe(`journal of one process: ${name}`, () => {
    it('takes over what others hold, and leaves alone what the new owner holds', async (context) => {
      const store = await freshStore(context, factory);
      const old = await claimOne(store, 100, await acceptOne(store, 10, { lane: 'a' }), 'a');
      const own = await claimOne(store, 100, await acceptOne(store, 10, { lane: 'b' }), 'b');
      assert.equal(await store.journal.takeOver({ owner: 'b', now: 101 }), 1);
      assert.equal((await store.journal.settle(old, settlement(102))).kind, 'fenced');
      assert.equal((await store.journal.settle(own, settlement(102))).kind, 'settled');
      const due = await store.journal.claimDue({ owner: 'b', limit: 9, now: 102, leaseMs: 1000 });
      assert.deepEqual(
        due.map((lease) => lease.run.id),
        [old.run.id],
      );
    });
  });
}

/** How every journal keeps, gives out and lists runs. Lanes, commits and interventions have suites of their own. */
export function journalContract(name: string, factory: InstallFactory): void {
  describe(`journal: ${name}`, () => {
    describe('claims', () => claims(factory));
    describe('leases', () => leases(factory));
    describe('waits', () => waits(factory));
    describe('listing', () => listing(factory));
  });
}

function claims(factory: InstallFactory): void {
  it('gives an accepted run back as it was accepted', async (context) => {
    const store = await freshStore(context, factory);
    const id = await acceptOne(store, 10, { undecided: true, depth: 2 });
    const run = await store.journal.run(id);
    assert.deepEqual(run, {
      ...sampleRun({ undecided: true, depth: 2 }),
      id,
      trigger: { event: 'create', record: { productname: 'Bolt' }, changed: ['productname'] },
      rootRun: id,
      status: 'pending',
      wait: undefined,
      failure: undefined,
      handled: false,
      progress: {},
      context: {},
      keys: {},
      epoch: 0,
      acceptedAt: 10,
      startedAt: undefined,
      endedAt: undefined,
      cancelRequested: undefined,
    });
  });

  it('leases a due run once, and raises its epoch', async (context) => {
    const store = await freshStore(context, factory);
    const id = await acceptOne(store, 10);
    const lease = await claimOne(store, 11, id);
    assert.deepEqual(
      [lease.run.epoch, lease.run.status, lease.run.startedAt, lease.owner, lease.openStep],
      [1, 'running', 11, 'a', undefined],
    );
    assert.deepEqual(await claim(store, 'b', 12, id), []);
    assert.deepEqual(await store.journal.run(id), lease.run);
  });

  it('claims due runs oldest first, up to the limit', async (context) => {
    const store = await freshStore(context, factory);
    const late = await acceptOne(store, 30, { lane: 'a' });
    const early = await acceptOne(store, 10, { lane: 'b' });
    const middle = await acceptOne(store, 20, { lane: 'c' });
    await acceptOne(store, 500, { lane: 'd' });
    const first = await store.journal.claimDue({ owner: 'a', limit: 2, now: 100, leaseMs: 1000 });
    assert.deepEqual(
      first.map((lease) => lease.run.id),
      [early, middle],
    );
    const second = await store.journal.claimDue({ owner: 'a', limit: 9, now: 100, leaseMs: 1000 });
    assert.deepEqual(
      second.map((lease) => lease.run.id),
      [late],
    );
  });

  it('gives the step that was left open, with its tries', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    await store.journal.settle(lease, settlement(101, { begin: intent(1) }));
    await store.journal.settle(lease, settlement(102, { outcomes: [outcome(1)], begin: intent(2) }));
    const again = await claimOne(store, 2000, lease.run.id, 'b');
    assert.deepEqual(again.openStep, (await store.journal.steps(lease.run.id))[1]);
    assert.deepEqual([again.openStep?.number, again.openStep?.attempts.length], [2, 1]);
  });

  it('starts a workflow once per root and record', async (context) => {
    const store = await freshStore(context, factory);
    const root = await acceptOne(store, 10, { workflow: 'w1' });
    const fired = { rootRun: root, depth: 1 };
    const first = await accept(
      store,
      11,
      sampleRun({ ...fired, workflow: 'w2' }),
      sampleRun({ ...fired, workflow: 'w1' }),
    );
    assert.equal(first.length, 1);
    assert.deepEqual(await accept(store, 12, sampleRun({ ...fired, workflow: 'w2' })), []);
    assert.equal((await accept(store, 13, sampleRun({ ...fired, workflow: 'w2', recordId: '14x2' }))).length, 1);
    assert.equal((await accept(store, 14, sampleRun({ workflow: 'w2' }))).length, 1);
  });
}

function leases(factory: InstallFactory): void {
  it('claims a run again once its lease has expired, and fences the earlier holder', async (context) => {
    const store = await freshStore(context, factory);
    const id = await acceptOne(store, 10);
    const old = await claimOne(store, 100, id, 'a');
    assert.deepEqual(await claim(store, 'b', 1099, id), []);
    const [fresh] = await store.journal.claimDue({ owner: 'b', limit: 1, now: 1100, leaseMs: 1000 });
    assert.deepEqual([fresh?.run.epoch, fresh?.run.startedAt], [2, 100]);
    assert.deepEqual(await store.journal.settle(old, settlement(1200, { then: completed })), { kind: 'fenced' });
    assert.equal((await store.journal.run(id))?.status, 'running');
  });

  it('prolongs leases, and names those that are lost', async (context) => {
    const store = await freshStore(context, factory);
    const kept = await claimOne(store, 100, await acceptOne(store, 10, { lane: 'a' }));
    const lost = await claimOne(store, 100, await acceptOne(store, 10, { lane: 'b' }));
    await claimOne(store, 1100, lost.run.id, 'b');
    assert.deepEqual(await store.journal.heartbeat({ leases: [kept, lost], now: 1100, leaseMs: 1000 }), [lost.run.id]);
    assert.deepEqual(await claim(store, 'b', 2099, kept.run.id), []);
    assert.equal((await claim(store, 'b', 2100, kept.run.id)).length, 1);
  });
}

function waits(factory: InstallFactory): void {
  it('waits for a time, and tells the next holder what it waited for', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    const then = waiting('time', 101, { until: 500 });
    await settleThen(store, { lease, at: 101, then });
    const wait = { for: 'time', reason: 'because', since: 101, until: 500 } as const;
    assert.deepEqual((await store.journal.run(lease.run.id))?.wait, wait);
    assert.deepEqual(await claim(store, 'a', 499, lease.run.id), []);
    const again = await claimOne(store, 500, lease.run.id);
    assert.deepEqual(again.run.wait, wait);
    assert.equal((await store.journal.run(lease.run.id))?.wait, undefined);
  });

  it('waits for a person without end', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    await settleThen(store, { lease, at: 101, then: waiting('person', 101) });
    assert.deepEqual(await store.journal.claimDue({ owner: 'a', limit: 9, now: 9e9, leaseMs: 1 }), []);
  });

  it('refuses a wait that nothing would end', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    for (const then of [waiting('time', 101), waiting('lane', 101)]) {
      await assert.rejects(store.journal.settle(lease, settlement(101, { then })), { code: 'STORE_UNIT_INVALID' });
    }
  });

  it('releases those that wait for a place, the longest waiting first and each once', async (context) => {
    const store = await freshStore(context, factory);
    const ids: number[] = [];
    for (const [index, key] of ['x', 'x', 'y', 'x'].entries()) {
      const lease = await claimOne(store, 100, await acceptOne(store, 10, { lane: `${index}` }));
      await settleThen(store, { lease, at: 101, then: waiting('limit', 200 - index, { until: 5000, key }) });
      ids.push(lease.run.id);
    }
    const [first, second, , fourth] = ids;
    assert.deepEqual(await store.journal.release({ key: 'x', limit: 2, now: 300 }), [fourth, second]);
    assert.deepEqual(await store.journal.release({ key: 'x', limit: 2, now: 300 }), [first]);
    assert.deepEqual(await store.journal.release({ key: 'x', limit: 2, now: 300 }), []);
    const due = await store.journal.claimDue({ owner: 'a', limit: 9, now: 300, leaseMs: 1000 });
    assert.deepEqual(
      due.map((lease) => lease.run.wait?.for),
      ['limit', 'limit', 'limit'],
    );
    assert.equal((await store.journal.claimDue({ owner: 'a', limit: 9, now: 5000, leaseMs: 1000 })).length, 4);
  });
}

function listing(factory: InstallFactory): void {
  it('pages through runs, newest first, filtered', async (context) => {
    const store = await freshStore(context, factory);
    const ids = await accept(
      store,
      10,
      ...[1, 2, 3, 4, 5].map((n) => sampleRun({ lane: `${n}`, recordId: `14x${n % 2}`, workflow: `w${n % 3}` })),
    );
    const [one, two, three, four, five] = ids;
    assert.ok(one !== undefined && two !== undefined && four !== undefined);
    const list = async (filter: Omit<Parameters<typeof store.journal.runs>[0], 'limit'>, limit = 9) =>
      (await store.journal.runs({ ...filter, limit })).map((run) => run.id);
    assert.deepEqual(await list({}, 2), [five, four]);
    assert.deepEqual(await list({ before: four }, 2), [three, two]);
    assert.deepEqual(await list({ recordId: '14x1' }), [five, three, one]);
    assert.deepEqual(await list({ recordId: '14x1', workflow: 'w1' }), [one]);
    const lease = await claimOne(store, 20, one);
    await settleThen(store, { lease, at: 21, then: waiting('person', 21) });
    await settleThen(store, { lease: await claimOne(store, 20, two), at: 21, then: completed });
    await settleThen(store, {
      lease: await claimOne(store, 20, four),
      at: 21,
      then: { kind: 'end', status: 'completed', failure: undefined, handled: true },
    });
    assert.deepEqual(await list({ handled: true }), [four]);
    assert.deepEqual(await list({ handled: false, status: ['completed'] }), [two]);
    assert.deepEqual(await list({ waiting: true }), [one]);
    assert.deepEqual(await list({ waiting: false, status: ['completed', 'running'] }), [four, two]);
    assert.deepEqual(await list({ status: [] }), []);
    assert.deepEqual(await store.journal.unfinished(), { w0: 1, w1: 1, w2: 1 });
    assert.deepEqual(await store.journal.counts(), {
      pending: 2,
      running: 1,
      completed: 2,
      failed: 0,
      canceled: 0,
      waiting: 1,
      handled: 1,
    });
  });
}
