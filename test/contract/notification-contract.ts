import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Notice } from '../../src/core/notification.ts';
import type { Store } from '../../src/store/store.ts';
import { commitRecords, products, write } from './sample-records.ts';
import { acceptOne, claimOne, intent, outcome, sampleRun, settled, settlement } from './sample-runs.ts';
import { until } from '../whole/poll.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const notice = (params: Partial<Notice> = {}): Notice => ({
  user: '19x1',
  text: 'Bolt is sold out',
  run: 1,
  task: 'tell',
  recordId: '14x1',
  ...params,
});

const tell = (store: Store, at: number, ...notices: Notice[]) =>
  store.records.commit({ at, records: [], runs: [], dedup: undefined, notices });

const everything = { unreadOnly: false, limit: 100 };

/** What every store does with what runs do besides writing their own record. */
export function notificationContract(name: string, factory: InstallFactory): void {
  describe(`notifications: ${name}`, () => notifications(factory));
  describe(`decisions on what was not there: ${name}`, () => unmatched(factory));
}

function notifications(factory: InstallFactory): void {
  it('are kept for their user, newest first, page by page', async (context) => {
    const store = await freshStore(context, factory);
    await tell(store, 5, notice(), notice({ user: '19x2', recordId: undefined }));
    await tell(store, 6, notice({ text: 'Nut' }));
    const all = await store.notifications.notifications(everything);
    assert.deepEqual(
      all.map(({ user, text, at }) => [user, text, at]),
      [
        ['19x1', 'Nut', 6],
        ['19x2', 'Bolt is sold out', 5],
        ['19x1', 'Bolt is sold out', 5],
      ],
    );
    const [newest] = await store.notifications.notifications({ ...everything, user: '19x1', limit: 1 });
    assert.equal(newest?.text, 'Nut');
    const older = await store.notifications.notifications({ ...everything, user: '19x1', before: newest?.id ?? 0 });
    assert.deepEqual(older, [{ ...notice(), id: all[2]?.id, at: 5, readAt: undefined }]);
  });

  it('are marked as read all or none, and keep the time of the first reading', async (context) => {
    const store = await freshStore(context, factory);
    await tell(store, 5, notice(), notice());
    const ids = (await store.notifications.notifications(everything)).map(({ id }) => id);
    const [second = 0, first = 0] = ids;
    assert.deepEqual(await store.notifications.markRead({ ids: [first, 99, 98], at: 7 }), [99, 98]);
    assert.equal((await store.notifications.notifications({ ...everything, unreadOnly: true })).length, 2);
    assert.deepEqual(await store.notifications.markRead({ ids: [first], at: 8 }), []);
    assert.deepEqual(await store.notifications.markRead({ ids: [first, second], at: 9 }), []);
    const read = await store.notifications.notifications(everything);
    assert.deepEqual(
      read.map(({ readAt }) => readAt),
      [9, 8],
    );
    assert.deepEqual(await store.notifications.notifications({ ...everything, unreadOnly: true }), []);
  });

  it('may tell of the install itself, and of no run', async (context) => {
    const store = await freshStore(context, factory);
    const install = notice({ run: undefined, task: 'schedule nightly', recordId: undefined });
    await tell(store, 5, install);
    const [told] = await store.notifications.notifications(everything);
    assert.deepEqual(told, { ...install, id: told?.id, at: 5, readAt: undefined });
  });

  it('are not delivered by a unit that is refused', async (context) => {
    const store = await freshStore(context, factory);
    await store.records.prepareModules([products]);
    const records = [write({ id: '14x1', basedOn: 3, values: {} })];
    const result = await store.records.commit({ at: 5, records, runs: [], dedup: undefined, notices: [notice()] });
    assert.equal(result.kind, 'conflict');
    assert.deepEqual(await store.notifications.notifications(everything), []);
  });
}

function unmatched(factory: InstallFactory): void {
  const searched = (asOf: number, productname: string) => [{ module: 'Products', asOf, keys: [{ productname }] }];
  const nothing = { at: 9, records: [], runs: [], dedup: undefined };

  it('stand while no record has come that has the values', async (context) => {
    const store = await freshStore(context, factory);
    await store.records.prepareModules([products]);
    assert.equal(await store.records.latestChange(), 0);
    await commitRecords(store, 5, write({ id: '14x1', values: { productname: 'Bolt' } }));
    // Other databases of a server may hold the number back for as long as they write in one transaction.
    const asOf = await until('what was there before the search is seen by it', async () => {
      const latest = await store.records.latestChange();
      const { kind } = await store.records.commit({ ...nothing, unmatched: searched(latest, 'Bolt') });
      return kind === 'committed' ? latest : undefined;
    });
    await commitRecords(store, 6, write({ id: '14x2', values: { productname: 'Nut' } }));
    const nut = await store.records.commit({ ...nothing, unmatched: searched(asOf, 'Nut') });
    assert.deepEqual(nut, { kind: 'conflict', id: '14x2' });
  });

  it('see a change that gives a record the values, and not the unit’s own writes', async (context) => {
    const store = await freshStore(context, factory);
    await store.records.prepareModules([products]);
    await commitRecords(store, 5, write({ id: '14x1', values: { productname: 'Bolt' } }));
    const asOf = await store.records.latestChange();
    const records = [write({ id: '14x3', values: { productname: 'Screw' } })];
    const own = await store.records.commit({ ...nothing, records, unmatched: searched(asOf, 'Screw') });
    assert.equal(own.kind, 'committed');
    await commitRecords(store, 6, write({ id: '14x1', basedOn: 1, values: { productname: 'Nut' } }));
    assert.equal((await store.records.commit({ ...nothing, unmatched: searched(asOf, 'Nut') })).kind, 'conflict');
    assert.equal((await store.records.commit({ ...nothing, unmatched: searched(asOf, 'Bolt') })).kind, 'committed');
  });

  it('and launched runs are told by their ids in the step that launched them', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    await store.journal.settle(lease, settlement(101, { begin: intent(1) }));
    const chained = { rootRun: lease.run.id, depth: 1, workflow: 'other', lane: '' };
    const runs = [sampleRun(chained), sampleRun(chained)];
    const effects = runs.map((_, accepted) => ({ kind: 'run' as const, name: 'other', accepted }));
    const unit = { at: 102, records: [], runs, dedup: undefined };
    const { released } = settled(
      await store.journal.settle(lease, settlement(102, { unit, outcomes: [outcome(1, { effects })] })),
    );
    const [step] = await store.journal.steps(lease.run.id);
    assert.deepEqual(step?.effects, [
      { kind: 'run', name: 'other', value: released[0] },
      { kind: 'run', name: 'other', value: null },
    ]);
  });

  it('and whoever acted last on a run is known', async (context) => {
    const store = await freshStore(context, factory);
    const run = await acceptOne(store, 10);
    assert.equal(await store.journal.lastActor(run), undefined);
    await store.journal.intervene({ kind: 'retry', run, by: 'ben', at: 11 });
    assert.equal(await store.journal.lastActor(run), undefined, 'a command that did nothing does not count');
    await store.journal.intervene({ kind: 'cancel', run, by: 'anna', at: 12, reason: 'x' });
    assert.equal(await store.journal.lastActor(run), 'anna');
  });
}
