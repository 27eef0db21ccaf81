import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InboxCause, InboxJob, NewInboxJob } from '../../src/core/inbox.ts';
import type { Intervention } from '../../src/core/journal.ts';
import type { Lease, RunId } from '../../src/core/run.ts';
import type { Store } from '../../src/store/store.ts';
import { acceptOne, claim, claimOne, completed, sampleRun, settled, settlement, waiting } from './sample-runs.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

/** What every store does about runs that need a person. */
export function inboxContract(name: string, factory: InstallFactory): void {
  describe(`inbox: ${name}`, () => {
    describe('rows', () => rows(factory));
    describe('commands', () => commands(factory));
    describe('jobs', () => jobs(factory));
  });
}

const DOWN: InboxCause = {
  code: 'CALL_REFUSED',
  destination: 'warehouse',
  task: 'send',
  message: 'send: CALL_REFUSED',
  inDoubt: false,
};

/** Lets the run of the lease wait for a person. */
async function park(store: Store, lease: Lease, at: number, cause: Partial<InboxCause> = {}): Promise<void> {
  const wait = waiting('person', at);
  assert.ok(wait.kind === 'wait');
  settled(await store.journal.settle(lease, settlement(at, { then: { ...wait, cause: { ...DOWN, ...cause } } })));
}

/** A run of its own lane that waits for a person. */
async function parked(store: Store, at: number, cause: Partial<InboxCause> = {}): Promise<RunId> {
  const run = await acceptOne(store, at, { lane: '' });
  await park(store, await claimOne(store, at, run), at, cause);
  return run;
}

async function order(store: Store, run: RunId, more: Partial<Extract<Intervention, { kind: 'order' }>> = {}) {
  const { epoch, revision } = (await store.journal.run(run)) ?? assert.fail();
  const head = { kind: 'order', action: 'retry', run, by: 'anna', at: 200, epoch, revision } as const;
  return store.journal.intervene({ ...head, progress: { told: true }, context: undefined, dueAt: 200, ...more });
}

function rows(factory: InstallFactory): void {
  it('come with the commit that makes a run wait for a person, and only then', async (context) => {
    const store = await freshStore(context, factory);
    const first = await acceptOne(store, 10);
    const behind = await acceptOne(store, 11);
    const lease = await claimOne(store, 100, first);
    settled(await store.journal.settle(lease, settlement(101)));
    assert.deepEqual(await store.inbox.items({ limit: 9 }), []);
    await park(store, lease, 110, { inDoubt: true });
    const item = await store.inbox.item(first);
    assert.deepEqual(
      [item?.state, item?.kind, item?.code, item?.destination, item?.task, item?.inDoubt, item?.since, item?.times],
      ['open', 'waiting', 'CALL_REFUSED', 'warehouse', 'send', true, 110, 1],
    );
    assert.deepEqual([item?.workflow, item?.module, item?.recordId], ['product-created', 'Products', '14x1']);
    assert.deepEqual([item?.status, item?.wait, item?.holdsBack], ['running', 'person', 1]);
    assert.equal(await store.inbox.item(behind), undefined);
    assert.deepEqual(await store.inbox.items({ limit: 9 }), [item]);
  });

  it('come with a failure that nothing dealt with', async (context) => {
    const store = await freshStore(context, factory);
    const failure = { code: 'CALL_STATUS', message: 'answered 400', task: 'send' };
    const ends = [
      { status: 'failed', handled: false },
      { status: 'failed', handled: true },
      { status: 'canceled', handled: false },
    ] as const;
    const runs: RunId[] = [];
    for (const end of ends) {
      const run = await acceptOne(store, 10, { lane: '' });
      const lease = await claimOne(store, 10, run);
      settled(await store.journal.settle(lease, settlement(20, { then: { kind: 'end', failure, ...end } })));
      runs.push(run);
    }
    const items = await store.inbox.items({ limit: 9 });
    assert.deepEqual(
      items.map(({ run, kind, code, task, message, status }) => [run, kind, code, task, message, status]),
      [[runs[0], 'failed', 'CALL_STATUS', 'send', 'answered 400', 'failed']],
    );
  });

  it('are resolved when the run goes on, and opened again when it comes back', async (context) => {
    const store = await freshStore(context, factory);
    const run = await parked(store, 100);
    assert.equal(await store.journal.intervene({ kind: 'retry', run, by: 'anna', at: 120 }), true);
    const item = await store.inbox.item(run);
    assert.deepEqual(
      [item?.state, item?.resolution, item?.changedBy, item?.changedAt],
      ['resolved', 'retry', 'anna', 120],
    );
    assert.deepEqual(await store.inbox.items({ limit: 9 }), []);
    await park(store, await claimOne(store, 130, run), 140, { code: 'CALL_TIMEOUT' });
    const again = await store.inbox.item(run);
    assert.deepEqual(
      [again?.state, again?.code, again?.times, again?.resolution],
      ['open', 'CALL_TIMEOUT', 2, undefined],
    );
  });

  it('are read page by page in both directions, whatever is looked for', async (context) => {
    const store = await freshStore(context, factory);
    const runs: RunId[] = [];
    for (const number of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const code = number % 2 === 0 ? 'CALL_REFUSED' : 'CALL_TIMEOUT';
      runs.push(await parked(store, 100 + number, { code, destination: number < 4 ? 'warehouse' : 'shop' }));
    }
    const first = runs[0] ?? assert.fail();
    const mark = { owner: 'anna', state: 'ignored', from: ['open'] } as const;
    assert.ok(await store.journal.intervene({ kind: 'mark', action: 'ignore', run: first, by: 'anna', at: 120, mark }));
    const page = async (filter: Parameters<typeof store.inbox.items>[0]) =>
      (await store.inbox.items(filter)).map(({ run }) => runs.indexOf(run));
    assert.deepEqual(await page({ limit: 3 }), [7, 6, 5]);
    assert.deepEqual(await page({ limit: 3, before: runs[5] ?? 0 }), [4, 3, 2]);
    assert.deepEqual(await page({ limit: 3, after: runs[2] ?? 0 }), [5, 4, 3]);
    assert.deepEqual(await page({ limit: 3, after: 0 }), [3, 2, 1]);
    assert.deepEqual(await page({ limit: 3, after: 0, state: ['open', 'ignored'] }), [2, 1, 0]);
    assert.deepEqual(await page({ limit: 2, after: 0, code: 'CALL_TIMEOUT' }), [3, 1]);
    assert.deepEqual(await page({ limit: 9, destination: 'shop', code: 'CALL_REFUSED' }), [6, 4]);
    assert.deepEqual(await page({ limit: 9, owner: 'anna', state: ['ignored'] }), [0]);
    assert.deepEqual(await page({ limit: 2, owner: null, workflow: 'product-created' }), [7, 6]);
    assert.deepEqual(await page({ limit: 2, module: 'Products', recordId: '14x1', since: 104, after: 0 }), [5, 4]);
    assert.deepEqual(await page({ limit: 9, runs: runs.slice(2, 4) }), [3, 2]);
    assert.deepEqual(await page({ limit: 9, state: [] }), []);
  });

  it('are grouped by cause', async (context) => {
    const store = await freshStore(context, factory);
    for (const at of [100, 110, 120]) await parked(store, at, { message: `at ${at}` });
    const other = await parked(store, 130, { code: 'CALL_TIMEOUT' });
    assert.deepEqual(
      (await store.inbox.groups({})).map(({ code, destination, workflow, count, oldest, newest, example }) => [
        code,
        destination,
        workflow,
        count,
        oldest,
        newest,
        example,
      ]),
      [
        ['CALL_REFUSED', 'warehouse', 'product-created', 3, 100, 120, { run: 3, message: 'at 120' }],
        ['CALL_TIMEOUT', 'warehouse', 'product-created', 1, 130, 130, { run: other, message: DOWN.message }],
      ],
    );
    assert.deepEqual(await store.inbox.groups({ workflow: 'other' }), []);
  });

  it('are found by every filter, page by page', async (context) => {
    const store = await freshStore(context, factory);
    const runs = [
      await parked(store, 100),
      await parked(store, 110, { destination: 'shop' }),
      await parked(store, 120),
    ];
    const [first, second, third] = runs;
    const found = async (filter: Parameters<Store['inbox']['items']>[0]) =>
      (await store.inbox.items(filter)).map(({ run }) => run);
    await store.journal.intervene({
      kind: 'mark',
      action: 'acknowledge',
      run: first ?? 0,
      by: 'anna',
      at: 150,
      mark: { from: ['open'], state: 'acknowledged', owner: 'anna', note: 'on it' },
    });
    assert.deepEqual(await found({ limit: 2 }), [third, second]);
    assert.deepEqual(await found({ limit: 2, before: second ?? 0 }), [first]);
    assert.deepEqual(await found({ limit: 9, destination: 'shop' }), [second]);
    assert.deepEqual(await found({ limit: 9, since: 110, code: 'CALL_REFUSED' }), [third, second]);
    assert.deepEqual(await found({ limit: 9, owner: 'anna' }), [first]);
    assert.deepEqual(await found({ limit: 9, owner: null }), [third, second]);
    assert.deepEqual(await found({ limit: 9, state: ['acknowledged'] }), [first]);
    assert.deepEqual(await found({ limit: 9, state: ['resolved', 'ignored'] }), []);
    assert.deepEqual(await found({ limit: 9, state: [] }), []);
    assert.deepEqual(await found({ limit: 9, module: 'Products', recordId: '14x1' }), [third, second, first]);
    assert.deepEqual(await found({ limit: 9, module: 'Orders' }), []);
    assert.deepEqual(await found({ limit: 9, runs: [first ?? 0, 99] }), [first]);
  });
}

function commands(factory: InstallFactory): void {
  it('let a waiting run go on as it was decided, once', async (context) => {
    const store = await freshStore(context, factory);
    const run = await parked(store, 100);
    const before = (await store.journal.run(run)) ?? assert.fail();
    const command = {
      revision: 2,
      context: { key: 'v' },
      dueAt: 300,
      origin: 'here',
      reason: 'why',
      before: 1,
      after: {},
    };
    assert.equal(await order(store, run, command), true);
    assert.equal(await order(store, run, { epoch: before.epoch }), false);
    assert.deepEqual(await claim(store, 'a', 299, run), []);
    const lease = await claimOne(store, 300, run);
    assert.deepEqual(
      [lease.run.revision, lease.run.progress, lease.run.context, lease.run.wait?.for],
      [2, { told: true }, { key: 'v' }, 'person'],
    );
    const [late, first] = await store.inbox.history({ run, limit: 9 });
    assert.deepEqual([late?.tookEffect, first?.tookEffect, first?.action, first?.by], [false, true, 'retry', 'anna']);
    assert.deepEqual([first?.origin, first?.reason, first?.before, first?.after], ['here', 'why', 1, {}]);
  });

  it('are refused on a run that somebody holds, and on one that has ended', async (context) => {
    const store = await freshStore(context, factory);
    const run = await acceptOne(store, 10);
    const lease = await claimOne(store, 10, run);
    assert.equal(await order(store, run), false);
    settled(await store.journal.settle(lease, settlement(20, { then: completed })));
    assert.equal(await order(store, run), false);
    assert.equal(await store.journal.intervene({ ...restartOf(run), epoch: lease.run.epoch }), false);
  });

  it('are taken back while no worker has begun', async (context) => {
    const store = await freshStore(context, factory);
    const run = await parked(store, 100);
    await order(store, run, { context: { key: 'new' }, revision: 2 });
    const { epoch } = (await store.journal.run(run)) ?? assert.fail();
    const back = { kind: 'withdraw', run, by: 'anna', at: 210, progress: {}, context: {}, revision: 1 } as const;
    assert.equal(await store.journal.intervene({ ...back, epoch, state: 'acknowledged' }), true);
    assert.deepEqual(await claim(store, 'a', 9999, run), []);
    const { revision, context: stored, wait } = (await store.journal.run(run)) ?? assert.fail();
    assert.deepEqual([revision, stored, wait?.for], [1, {}, 'person']);
    assert.equal((await store.inbox.item(run))?.state, 'acknowledged');
    await order(store, run);
    const held = await claimOne(store, 300, run);
    assert.equal(await store.journal.intervene({ ...back, epoch: held.run.epoch, state: 'open' }), false);
  });

  it('start another run in the place of one, at most once', async (context) => {
    const store = await freshStore(context, factory);
    const run = await acceptOne(store, 10);
    const next = await acceptOne(store, 11);
    const lease = await claimOne(store, 10, run);
    await park(store, lease, 20);
    const command = { ...restartOf(run), epoch: lease.run.epoch };
    assert.equal(await store.journal.intervene(command), true);
    assert.equal(await store.journal.intervene(command), false);
    const { successor = 0 } = await store.inbox.restarts(run);
    assert.deepEqual(await store.inbox.restarts(successor), { origin: run, successor: undefined });
    const ending = await claimOne(store, 400, run);
    assert.equal(ending.run.cancelRequested, `started again as run ${successor}`);
    const then = { kind: 'end', status: 'canceled', failure: undefined, handled: false } as const;
    assert.deepEqual(settled(await store.journal.settle(ending, settlement(410, { then }))).released, [next]);
    settled(await store.journal.settle(await claimOne(store, 420, next), settlement(430, { then: completed })));
    const begun = await claimOne(store, 440, successor);
    assert.deepEqual(
      [begun.run.context, begun.run.keys, begun.run.trigger.event],
      [{ a: 1 }, { order: '1' }, 'create'],
    );
    assert.equal((await store.inbox.item(run))?.resolution, 'restart');
  });

  it('change a row only from the states they name', async (context) => {
    const store = await freshStore(context, factory);
    const run = await parked(store, 100);
    const mark = { kind: 'mark', action: 'ignore', run, by: 'anna', at: 110 } as const;
    assert.equal(await store.journal.intervene({ ...mark, mark: { from: ['acknowledged'], state: 'ignored' } }), false);
    assert.equal(await store.journal.intervene({ ...mark, mark: { from: ['open'], owner: 'bob' } }), true);
    assert.equal(
      await store.journal.intervene({ ...mark, mark: { from: ['open'], state: 'ignored', note: 'n' } }),
      true,
    );
    const item = await store.inbox.item(run);
    assert.deepEqual([item?.state, item?.owner, item?.note, item?.changedBy], ['ignored', 'bob', 'n', 'anna']);
    assert.equal(await store.journal.intervene({ ...mark, mark: { from: ['ignored'], owner: null } }), true);
    assert.equal((await store.inbox.item(run))?.owner, undefined);
    assert.equal((await store.journal.run(run))?.wait?.for, 'person');
    assert.equal(await store.journal.intervene({ ...mark, run: 99, mark: { from: ['open'] } }), false);
  });
}

function restartOf(run: RunId): Omit<Extract<Intervention, { kind: 'restart' }>, 'epoch'> {
  const successor = { ...sampleRun(), context: { a: 1 }, keys: { order: '1' } };
  return { kind: 'restart', run, by: 'anna', at: 300, successor, dueAt: 300 };
}

const JOB: NewInboxJob = {
  at: 500,
  by: 'anna',
  origin: 'here',
  reason: undefined,
  command: { kind: 'retry' },
  perSecond: 100,
};

function jobs(factory: InstallFactory): void {
  const part = (store: Store, owner: string, now: number, limit = 2) =>
    store.inbox.claimJob({ owner, now, leaseMs: 1000, limit });

  it('hold what the filter found when they were made', async (context) => {
    const store = await freshStore(context, factory);
    assert.equal(await store.inbox.addJob(JOB, {}), undefined);
    assert.deepEqual(await store.inbox.jobs({ limit: 9 }), []);
    const runs = [await parked(store, 100), await parked(store, 110)];
    const job = (await store.inbox.addJob(JOB, {})) ?? assert.fail();
    await parked(store, 120);
    assert.deepEqual([job.state, job.by, job.command, job.perSecond], ['running', 'anna', { kind: 'retry' }, 100]);
    assert.equal(job.counts.pending, 2);
    const items = await store.inbox.jobItems({ job: job.id, limit: 9 });
    assert.deepEqual(
      items.map(({ run, state }) => [run, state]),
      runs.map((run) => [run, 'pending']),
    );
    assert.deepEqual(await store.inbox.job(job.id), job);
    assert.deepEqual(await store.inbox.jobs({ limit: 9, before: job.id }), []);
  });

  it('are carried out by one worker at a time, part by part, their runs apart in time', async (context) => {
    const store = await freshStore(context, factory);
    for (const at of [100, 110, 120]) await parked(store, at);
    const job = (await store.inbox.addJob(JOB, {})) ?? assert.fail();
    const first = (await part(store, 'a', 600)) ?? assert.fail();
    assert.deepEqual([first.job.id, first.runs, first.dueFrom], [job.id, [1, 2], 600]);
    assert.equal(await part(store, 'b', 700), undefined);
    for (const run of first.runs) assert.equal(await order(store, run, { job: job.id }), true);
    assert.equal(await order(store, first.runs[0] ?? 0, { job: job.id }), false);
    const second = (await part(store, 'b', 1700)) ?? assert.fail();
    assert.deepEqual([second.runs, second.dueFrom], [[3], 1700]);
    await store.inbox.settleItem({ job: job.id, run: 3, state: 'refused', code: 'X', message: 'm', at: 1710 });
    assert.equal(await part(store, 'b', 1720), undefined);
    const done = (await store.inbox.job(job.id)) ?? assert.fail();
    assert.deepEqual([done.state, done.endedAt, done.counts.applied, done.counts.refused], ['done', 1720, 2, 1]);
    assert.deepEqual(await store.inbox.jobItems({ job: job.id, state: ['refused'], limit: 9 }), [
      { run: 3, state: 'refused', code: 'X', message: 'm', at: 1710 },
    ]);
  });

  it('keep what was done when a worker that is behind says something else', async (context) => {
    const store = await freshStore(context, factory);
    for (const at of [100, 110]) await parked(store, at);
    const { id: job } = (await store.inbox.addJob(JOB, {})) ?? assert.fail();
    await part(store, 'a', 600);
    assert.equal(await order(store, 1, { job }), true);
    const late = { job, code: 'RUN_NOT_WAITING', message: 'm', at: 700 } as const;
    await store.inbox.settleItem({ ...late, run: 1, state: 'refused' });
    await store.inbox.settleItem({ ...late, run: 2, state: 'kept' });
    const { counts } = (await store.inbox.job(job)) ?? assert.fail();
    assert.deepEqual([counts.applied, counts.pending, counts.refused, counts.kept], [1, 1, 0, 0]);
  });

  it('leave the rest when they are stopped, and are taken back', async (context) => {
    const store = await freshStore(context, factory);
    for (const at of [100, 110, 120]) await parked(store, at);
    const { id } = (await store.inbox.addJob(JOB, {})) ?? assert.fail();
    await part(store, 'a', 600, 1);
    assert.equal(await order(store, 1, { job: id }), true);
    assert.equal(await store.inbox.stopJob({ id, at: 610, takeBack: false }), true);
    assert.equal(await store.inbox.stopJob({ id, at: 611, takeBack: false }), false);
    assert.equal(await order(store, 2, { job: id }), false);
    assert.equal(await part(store, 'a', 620), undefined);
    assert.equal(await store.inbox.stopJob({ id, at: 630, takeBack: true }), true);
    const undoing = (await part(store, 'a', 640)) ?? assert.fail();
    assert.deepEqual([undoing.job.state, undoing.runs], ['undoing', [1]]);
    const { epoch } = (await store.journal.run(1)) ?? assert.fail();
    const back = {
      kind: 'withdraw',
      run: 1,
      by: 'anna',
      at: 650,
      progress: {},
      context: undefined,
      revision: 1,
    } as const;
    assert.equal(await store.journal.intervene({ ...back, epoch, state: 'open', job: id }), true);
    assert.equal(await part(store, 'a', 660), undefined);
    const job: InboxJob = (await store.inbox.job(id)) ?? assert.fail();
    assert.deepEqual([job.state, job.counts['taken-back'], job.counts.left], ['undone', 1, 2]);
  });
}
