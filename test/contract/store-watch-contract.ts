import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acceptOne, claimOne, completed, settleThen, waiting } from './sample-runs.ts';
import { freshStore, type InstallFactory } from './test-install.ts';

const NOTHING = { count: 0, oldestAt: undefined };

/** What every store tells of how it is doing. */
export function storeWatchContract(name: string, factory: InstallFactory): void {
  describe(`how a store is doing: ${name}`, () => {
    it('of an empty install: nothing waits', async (context) => {
      const { watch } = await freshStore(context, factory);
      assert.deepEqual(await watch.backlog(1_000), {
        unfinished: 0,
        waiting: { time: NOTHING, limit: NOTHING, person: NOTHING, lane: NOTHING },
        due: NOTHING,
        deepestLane: 0,
        operations: NOTHING,
        deliveries: NOTHING,
      });
    });

    it('tells what is due and since when, what waits for what, and the longest lane', async (context) => {
      const store = await freshStore(context, factory);
      const first = await acceptOne(store, 100);
      await acceptOne(store, 110);
      await acceptOne(store, 120);
      const person = await acceptOne(store, 130, { lane: '14x2' });
      const later = await acceptOne(store, 140, { lane: '' });
      const asleep = await settleEach(store, [
        [person, waiting('person', 150)],
        [later, waiting('time', 160, { until: 5_000 })],
      ]);
      assert.deepEqual(asleep, []);
      const backlog = await store.watch.backlog(200);
      assert.deepEqual([backlog.unfinished, backlog.deepestLane, backlog.due], [5, 3, { count: 1, oldestAt: 100 }]);
      const { person: people, lane, time, limit } = backlog.waiting;
      assert.deepEqual([people, time, limit], [{ count: 1, oldestAt: 150 }, { count: 1, oldestAt: 160 }, NOTHING]);
      assert.equal(lane.count, 2);
      assert.equal((await store.watch.backlog(5_000)).due.count, 2, 'the one that waited for a time is due');
      const lease = await claimOne(store, 300, first);
      assert.equal((await store.watch.backlog(310)).due.count, 0, 'what somebody works on is not due');
      await settleThen(store, { lease, at: 320, then: completed });
      const after = await store.watch.backlog(400);
      assert.deepEqual([after.unfinished, after.deepestLane, after.due.count], [4, 2, 1]);
    });

    it('tells of operations that were put off, until they are answered', async (context) => {
      const { operations, watch } = await freshStore(context, factory);
      for (const [id, dueAt] of [
        ['a', 70],
        ['b', 50],
      ] as const) {
        await operations.add({ id, user: '19x1', operation: 'query', parameters: {}, dueAt });
      }
      assert.deepEqual((await watch.backlog(60)).operations, { count: 2, oldestAt: 50 });
      await operations.finish({ id: 'b', answer: {}, now: 80, keptUntil: 1_000 });
      assert.deepEqual((await watch.backlog(60)).operations, { count: 1, oldestAt: 70 });
    });

    it('counts what it commits, and leaves nothing of a probe', async (context) => {
      const { records, watch } = await freshStore(context, factory);
      const before = watch.commits();
      const unit = { at: 1, records: [], runs: [], dedup: undefined };
      await Promise.all([records.commit(unit), records.commit(unit), records.commit(unit)]);
      const after = watch.commits();
      assert.equal(after.units - before.units, 3);
      assert.ok(after.transactions > before.transactions && after.transactions - before.transactions <= 3);
      await watch.probe(5);
      await watch.probe(6);
      assert.equal(await records.findDedup({ scope: 'probe', key: '', now: 0 }), undefined);
    });

    it('says that a closed store cannot be written', async (context) => {
      const install = await factory();
      const store = await install.open();
      context.after(() => install.remove());
      await store.close();
      await assert.rejects(store.watch.probe(1), { code: 'STORE_UNAVAILABLE' });
      await assert.rejects(store.watch.backlog(1), { code: 'STORE_UNAVAILABLE' });
    });
  });
}

type Store = Awaited<ReturnType<typeof freshStore>>;

async function settleEach(
  store: Store,
  ends: readonly (readonly [run: number, then: ReturnType<typeof waiting>])[],
): Promise<readonly number[]> {
  const released: number[] = [];
  for (const [run, then] of ends) {
    const lease = await claimOne(store, 145, run);
    released.push(...(await settleThen(store, { lease, at: 150, then })));
  }
  return released;
}
