import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunRule } from '../../src/core/retention.ts';
import type { RetentionHold } from '../../src/core/retention-store.ts';
import type { AcceptedRun, RunId } from '../../src/core/run.ts';
import { emptyUnit } from '../../src/core/unit-of-work.ts';
import type { Store } from '../../src/store/store.ts';
import { endedRun, ending, longText } from './ended-runs.ts';
import { accept, acceptOne, claimOne, sampleRun, settled, settlement, waiting } from './sample-runs.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const HOLD: RetentionHold = { holder: 'a', now: 1_000, leaseMs: 100 };

/** All that completed before a time. */
function completedBefore(endedBefore: number, more: Partial<RunRule> = {}): RunRule {
  return { status: 'completed', handled: false, except: [], endedBefore, ...more };
}

async function held(store: Store): Promise<void> {
  assert.equal(await store.retention.hold(HOLD), true);
}

async function clearAll(store: Store, limit = 480): Promise<number> {
  for (let rows = 0; ;) {
    const cleared = (await store.retention.clear(HOLD, limit)) ?? assert.fail('the hold was lost');
    assert.ok(cleared <= limit, `${cleared} rows of ${limit}`);
    if (cleared === 0) return rows;
    rows += cleared;
  }
}

const candidates = (store: Store, rule: RunRule) => store.retention.candidates({ rule, after: 0, limit: 100 });

async function left(store: Store, ...runs: RunId[]): Promise<readonly boolean[]> {
  return Promise.all(runs.map(async (run) => (await store.journal.run(run)) !== undefined));
}

/** What every store does to remove what has been kept long enough. */
export function retentionContract(name: string, factory: InstallFactory): void {
  describe(`retention: ${name}`, () => {
    describe('runs', () => runs(factory));
    describe('runs that somebody needs', () => needed(factory));
    describe('what runs leave behind', () => remains(factory));
    describe('what goes by its age', () => aged(factory));
    describe('the hold', () => hold(factory));
  });
}

function runs(factory: InstallFactory): void {
  it('disappear whole in one transaction, and are counted no more', async (context) => {
    const store = await freshStore(context, factory);
    await held(store);
    const gone = await endedRun(store, { at: 10, keys: { order: 'SO-1' } });
    const kept = await endedRun(store, { at: 20, keys: { order: 'SO-1' } });
    assert.deepEqual(await candidates(store, completedBefore(15)), [gone]);
    assert.equal(await store.retention.take(HOLD, [gone]), 1);
    assert.deepEqual(await left(store, gone, kept), [false, true]);
    for (const filter of [{}, { status: ['completed'] as const }, { recordId: '14x1' }, { key: { value: 'SO-1' } }]) {
      const listed = await store.journal.runs({ ...filter, limit: 9 });
      assert.deepEqual(
        listed.map(({ id }) => id),
        [kept],
      );
    }
    assert.equal((await store.journal.counts()).completed, 1);
    assert.equal(await store.retention.take(HOLD, [gone]), 0, 'a second time there is nothing to take');
    assert.equal(await store.retention.count(completedBefore(15)), 0);
    assert.ok((await clearAll(store, 2)) > 4, 'its rows go in small transactions');
    assert.deepEqual(await store.journal.steps(gone), []);
    assert.equal((await store.journal.steps(kept)).length, 1);
    assert.equal((await store.journal.counts()).completed, 1);
    assert.deepEqual((await store.retention.figures()).removed, { completed: 1 });
  });

  it('are found by outcome, workflow and number', async (context) => {
    const store = await freshStore(context, factory);
    const failure = { code: 'X', message: 'm' };
    const done = await endedRun(store, { at: 10 });
    const other = await endedRun(store, { at: 11, run: { workflow: 'other' } });
    const failed = await endedRun(store, { at: 12, then: ending('failed', { failure }) });
    const handled = await endedRun(store, { at: 13, then: ending('completed', { handled: true }) });
    const canceled = await endedRun(store, { at: 14, then: ending('canceled') });
    const all = 100;
    assert.deepEqual(await candidates(store, completedBefore(all)), [done, other]);
    assert.deepEqual(await candidates(store, completedBefore(all, { except: ['other'] })), [done]);
    assert.deepEqual(await candidates(store, completedBefore(all, { workflow: 'other' })), [other]);
    assert.deepEqual(await candidates(store, completedBefore(all, { handled: true })), [handled]);
    assert.deepEqual(await candidates(store, completedBefore(all, { status: 'canceled' })), [canceled]);
    assert.deepEqual(
      await candidates(store, completedBefore(all, { status: 'failed' })),
      [],
      'it is open in the inbox',
    );
    assert.equal(await store.retention.count(completedBefore(all, { status: 'failed' })), 1);
    assert.ok(failed > other);
    const newest = { outcome: 'completed', except: [] } as const;
    assert.equal(await store.retention.oldestOf({ ...newest, atMost: 1 }), other);
    assert.equal(await store.retention.oldestOf({ ...newest, atMost: 2 }), done);
    assert.equal(await store.retention.oldestOf({ ...newest, atMost: 3 }), undefined);
    assert.equal(await store.retention.oldestOf({ ...newest, except: ['other'], atMost: 1 }), done);
    const beyond: RunRule = { status: 'completed', handled: false, except: [], before: other };
    assert.deepEqual(await candidates(store, beyond), [done]);
  });

  it('of one page follow those of the page before', async (context) => {
    const store = await freshStore(context, factory);
    const all = [
      await endedRun(store, { at: 10 }),
      await endedRun(store, { at: 11 }),
      await endedRun(store, { at: 12 }),
    ];
    const page = (after: number) => store.retention.candidates({ rule: completedBefore(99), after, limit: 2 });
    assert.deepEqual(await page(0), all.slice(0, 2));
    assert.deepEqual(await page(all[1] ?? 0), all.slice(2));
  });

  it('that were taken by a process that died are cleared away by the next', async (context) => {
    const install = await factory();
    context.after(() => install.remove());
    const first = await install.open();
    await held(first);
    const gone = await endedRun(first, { at: 10 });
    assert.equal(await first.retention.take(HOLD, [gone]), 1);
    assert.equal(await first.retention.clear(HOLD, 1), 1);
    await first.close();
    const second = await install.open();
    context.after(() => second.close());
    assert.deepEqual(await left(second, gone), [false]);
    assert.equal((await second.journal.counts()).completed, 0);
    await held(second);
    assert.ok((await clearAll(second)) > 0);
    assert.equal(await second.retention.clear(HOLD, 10), 0);
  });
}

function needed(factory: InstallFactory): void {
  it('are not taken: unfinished, and open in the inbox', async (context) => {
    const store = await freshStore(context, factory);
    await held(store);
    const unfinished = await acceptOne(store, 1, { lane: '' });
    const failure = { code: 'X', message: 'm' };
    const failed = await endedRun(store, { at: 10, then: ending('failed', { failure }) });
    assert.equal(await store.retention.take(HOLD, [unfinished, failed]), 0);
    const mark = { from: ['open'], state: 'ignored' } as const;
    await store.journal.intervene({ kind: 'mark', action: 'ignore', run: failed, by: 'anna', at: 20, mark });
    assert.equal(await store.retention.take(HOLD, [unfinished, failed]), 1);
    assert.equal(await store.inbox.item(failed), undefined);
    assert.deepEqual(await left(store, unfinished, failed), [true, false]);
  });

  it('are not taken: a chain of which one goes on', async (context) => {
    const store = await freshStore(context, factory);
    await held(store);
    const root = await endedRun(store, { at: 10 });
    const fired: Partial<AcceptedRun> = { rootRun: root, depth: 1 };
    const ended = await endedRun(store, { at: 11, run: { ...fired, recordId: '14x2' } });
    const goesOn = await acceptOne(store, 12, { ...fired, recordId: '14x3', lane: '' });
    assert.equal(await store.retention.take(HOLD, [root, ended]), 0);
    const lease = await claimOne(store, 20, goesOn);
    settled(await store.journal.settle(lease, settlement(21, { then: ending('completed') })));
    assert.equal(await store.retention.take(HOLD, [root, ended, goesOn]), 3);
  });

  it('are not taken: one in whose place another run goes on; that it was replaced is known until both are gone', async (context) => {
    const store = await freshStore(context, factory);
    await held(store);
    const failure = { code: 'X', message: 'm' };
    const origin = await endedRun(store, { at: 10, then: ending('failed', { failure }) });
    const { epoch } = (await store.journal.run(origin)) ?? assert.fail();
    const restart = {
      kind: 'restart',
      run: origin,
      by: 'anna',
      at: 20,
      epoch,
      successor: sampleRun({ lane: '' }),
      dueAt: 20,
    } as const;
    assert.equal(await store.journal.intervene(restart), true);
    const { successor = 0 } = await store.inbox.restarts(origin);
    assert.equal(await store.retention.take(HOLD, [origin]), 0);
    const lease = await claimOne(store, 30, successor);
    settled(await store.journal.settle(lease, settlement(31, { then: ending('completed') })));
    assert.equal(await store.retention.take(HOLD, [successor]), 1);
    await clearAll(store);
    assert.equal((await store.inbox.restarts(origin)).successor, successor);
    assert.equal(await store.journal.intervene({ ...restart, at: 40 }), false, 'it is not started again');
    assert.equal(await store.retention.take(HOLD, [origin]), 1);
    await clearAll(store);
    assert.deepEqual(await store.inbox.restarts(origin), { origin: undefined, successor: undefined });
  });
}

function remains(factory: InstallFactory): void {
  it('a trigger that fires once has fired', async (context) => {
    const store = await freshStore(context, factory);
    await held(store);
    const { trigger } = sampleRun();
    const once = { trigger: { ...trigger, once: true } } as const;
    const run = await endedRun(store, { at: 10, run: once });
    assert.equal(await store.retention.take(HOLD, [run]), 1);
    assert.deepEqual(await accept(store, 20, sampleRun(once)), []);
    await clearAll(store);
    assert.deepEqual(await accept(store, 20, sampleRun(once)), []);
  });

  it('a long text stays while a run or a document has it', async (context) => {
    const store = await freshStore(context, factory);
    await held(store);
    const text = longText('shared');
    const document = { kind: 'map', name: 'm', file: 'm.xml', text: longText('document') };
    await store.documents.save({ documents: [document], by: 'anna', at: 1, basedOn: 0 });
    const gone = await endedRun(store, { at: 10, context: { text, own: longText('own'), of: document.text } });
    const kept = await endedRun(store, { at: 20, context: { text } });
    assert.equal(await store.retention.take(HOLD, [gone]), 1);
    await clearAll(store);
    assert.deepEqual((await store.journal.run(kept))?.context, { text });
    assert.equal((await store.documents.revision(1))?.documents[0]?.text, document.text);
    assert.equal((await store.retention.figures()).removed.text, 1, 'only its own has gone');
    assert.equal(await store.retention.take(HOLD, [kept]), 1);
    await clearAll(store);
    assert.equal((await store.retention.figures()).removed.text, 2);
    const again = await endedRun(store, { at: 30, context: { text } });
    assert.deepEqual((await store.journal.run(again))?.context, { text }, 'a text that was removed is stored again');
  });

  it('notices in the product go with the run; one that is still on its way to somebody does not', async (context) => {
    const store = await freshStore(context, factory);
    await held(store);
    const run = await endedRun(store, { at: 10 });
    const mail = { way: 'mail', to: '19x1', cause: 'c', run, task: 't', content: {} } as const;
    const notice = { user: '19x1', text: 'told', run, task: 't', recordId: undefined };
    await store.records.commit({ ...emptyUnit(11), notices: [notice], deliveries: [mail, { ...mail, to: '19x2' }] });
    const batch = await store.deliveries.claim({ now: 12, leaseMs: 5, perHour: 9 });
    await store.deliveries.settle({ batch: batch?.id ?? 0, at: 13, outcome: { kind: 'sent' } });
    assert.equal(await store.retention.take(HOLD, [run]), 1);
    await clearAll(store);
    assert.deepEqual(await store.notifications.notifications({ unreadOnly: false, limit: 9 }), []);
    assert.deepEqual(
      (await store.deliveries.ofRun(run)).map(({ to }) => to),
      ['19x2'],
    );
  });
}

function aged(factory: InstallFactory): void {
  it('goes in small parts, and no further than its age', async (context) => {
    const store = await freshStore(context, factory);
    await held(store);
    const entry = { by: 'anna', kind: 'user', from: 'x', action: 'setSetting', target: 's', detail: {} } as const;
    for (const at of [10, 20, 30]) await store.audit.begin({ ...entry, at });
    const forget = (before: number, limit: number) => store.retention.forget(HOLD, { kind: 'audit', before, limit });
    assert.equal(await forget(25, 1), 1);
    assert.equal(await forget(25, 9), 1);
    assert.equal(await forget(25, 9), 0);
    assert.deepEqual(
      (await store.audit.entries({ limit: 9 })).map(({ at }) => at),
      [30],
    );
    assert.deepEqual((await store.retention.figures()).removed, { audit: 2 });
  });

  it('what people did to runs, keys of requests, answers, logins', async (context) => {
    const store = await freshStore(context, factory);
    await held(store);
    const run = await acceptOne(store, 5);
    await store.journal.intervene({ kind: 'cancel', run, by: 'anna', at: 50, reason: 'no' });
    const dedup = { scope: 's', key: 'k', bodyHash: 'h', answer: 1, expiresAt: 50 };
    await store.records.commit({ ...emptyUnit(1), dedup });
    await store.access.beginOnce({ caller: 'c', key: 'k', bodyHash: 'h', at: 50, lostBefore: 0 });
    await store.messages.send({ channel: 'c', text: 't', expiresAt: 50, key: 'x' });
    for (const kind of ['run-audit', 'dedup-key', 'request', 'message'] as const) {
      const forget = (before: number) => store.retention.forget(HOLD, { kind, before, limit: 9 });
      assert.deepEqual([await forget(50), await forget(51)], [0, 1], kind);
    }
    for (const kind of ['history', 'session', 'login', 'challenge', 'delivery'] as const) {
      assert.equal(await store.retention.forget(HOLD, { kind, before: 999, limit: 9 }), 0, kind);
    }
  });

  it('a job on many runs goes whole, once it has ended', async (context) => {
    const store = await freshStore(context, factory);
    await held(store);
    for (const at of [10, 11, 12]) {
      const run = await acceptOne(store, at, { lane: '' });
      const lease = await claimOne(store, at, run);
      settled(await store.journal.settle(lease, settlement(at, { then: waiting('person', at) })));
    }
    const job = { at: 20, by: 'anna', origin: 'o', reason: undefined, command: {}, perSecond: 9 };
    const { id = 0 } = (await store.inbox.addJob(job, {})) ?? {};
    const forget = () => store.retention.forget(HOLD, { kind: 'job', before: 100, limit: 9 });
    assert.equal(await forget(), 0, 'it has not ended');
    await store.inbox.stopJob({ id, at: 30, takeBack: false });
    assert.equal(await forget(), 1);
    assert.equal(await store.inbox.job(id), undefined);
    assert.deepEqual(await store.inbox.jobs({ limit: 9 }), []);
    assert.equal(await clearAll(store, 2), 5, 'three items, the job and the note of it');
  });
}

function hold(factory: InstallFactory): void {
  it('is one process at a time, until its lease is over or it lets go', async (context) => {
    const store = await freshStore(context, factory);
    const { retention } = store;
    assert.equal((await retention.figures()).endedAt, undefined);
    assert.equal(await retention.hold(HOLD), true);
    assert.equal(await retention.hold({ ...HOLD, now: 1_050 }), true, 'the same one prolongs it');
    const other = { holder: 'b', now: 1_149, leaseMs: 100 };
    assert.equal(await retention.hold(other), false);
    assert.equal(await retention.hold({ ...other, now: 1_150 }), true);
    await retention.letGo({ holder: 'a', startedAt: 1, endedAt: 2, left: 3 });
    assert.equal((await retention.figures()).endedAt, undefined, 'who lost it says nothing');
    await retention.letGo({ holder: 'b', startedAt: 1_150, endedAt: 1_160, left: 3 });
    const { startedAt, endedAt, left } = await retention.figures();
    assert.deepEqual([startedAt, endedAt, left], [1_150, 1_160, 3]);
    assert.equal(await retention.hold(HOLD), true);
  });

  it('once lost, removes nothing', async (context) => {
    const store = await freshStore(context, factory);
    await held(store);
    const run = await endedRun(store, { at: 10 });
    assert.equal(await store.retention.hold({ holder: 'b', now: 2_000, leaseMs: 100 }), true);
    assert.equal(await store.retention.take(HOLD, [run]), undefined);
    assert.equal(await store.retention.clear(HOLD, 9), undefined);
    assert.equal(await store.retention.forget(HOLD, { kind: 'audit', before: 9, limit: 9 }), undefined);
    assert.deepEqual(await left(store, run), [true]);
  });
}
