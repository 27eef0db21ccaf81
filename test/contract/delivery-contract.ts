import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DeliveryBatch, NewDelivery } from '../../src/core/delivery.ts';
import type { Store } from '../../src/store/store.ts';
import { forgetAged } from './forget-aged.ts';
import { commitRecords, products, write } from './sample-records.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const HOUR = 3_600_000;

const mail = (params: Partial<NewDelivery> = {}): NewDelivery => ({
  way: 'mail',
  to: '19x1',
  cause: 'sync/create/CALL_STATUS',
  run: 1,
  task: 'create',
  content: { text: 'Bolt' },
  ...params,
});

const send = (store: Store, at: number, ...deliveries: NewDelivery[]) =>
  store.records.commit({ at, records: [], runs: [], dedup: undefined, deliveries });

const claim = (store: Store, now: number, perHour = 2) => store.deliveries.claim({ now, leaseMs: 100, perHour });

const sent = (store: Store, batch: DeliveryBatch | undefined, at: number) =>
  store.deliveries.settle({ batch: batch?.id ?? 0, at, outcome: { kind: 'sent' } });

/** What every store does with notices that leave the product. */
export function deliveryContract(name: string, factory: InstallFactory): void {
  describe(`deliveries: ${name}`, () => {
    it('are claimed by one at a time, oldest first, and by another when their holder is gone', async (context) => {
      const store = await freshStore(context, factory);
      assert.equal(await store.deliveries.nextDue(), undefined);
      await send(store, 5, mail({ content: { text: 'first' } }), mail({ to: '19x2' }));
      assert.equal(await store.deliveries.nextDue(), 5);
      const first = await claim(store, 6);
      assert.deepEqual([first?.deliveries[0]?.content, first?.count, first?.attempts], [{ text: 'first' }, 1, 1]);
      assert.equal((await claim(store, 6))?.deliveries[0]?.to, '19x2');
      assert.equal(await claim(store, 7), undefined);
      const again = await claim(store, 106);
      assert.deepEqual([again?.id, again?.attempts], [first?.id, 2]);
    });

    it('are tried later, sent, or given up, and the run tells which', async (context) => {
      const store = await freshStore(context, factory);
      await send(store, 5, mail(), mail({ to: '19x2' }), mail({ run: 2 }));
      const first = await claim(store, 6);
      const later = { kind: 'later' as const, dueAt: 900, problem: 'CALL_REFUSED' };
      await store.deliveries.settle({ batch: first?.id ?? 0, at: 7, outcome: later });
      const second = await claim(store, 8);
      await store.deliveries.settle({ batch: second?.id ?? 0, at: 9, outcome: { kind: 'failed', problem: 'NO' } });
      const told = await store.deliveries.ofRun(1);
      assert.deepEqual(
        told.map(({ state, dueAt, endedAt, problem, attempts }) => [state, dueAt, endedAt, problem, attempts]),
        [
          ['waiting', 900, undefined, 'CALL_REFUSED', 1],
          ['failed', undefined, 9, 'NO', 1],
        ],
      );
      await sent(store, await claim(store, 9), 10);
      await sent(store, await claim(store, 901), 902);
      await sent(store, first, 999);
      assert.deepEqual((await store.deliveries.ofRun(1))[0]?.endedAt, 902, 'what has ended stays as it is');
    });

    it('may tell of the install itself, and of no run', async (context) => {
      const store = await freshStore(context, factory);
      await send(store, 5, mail({ run: undefined, task: 'schedule nightly' }));
      const [told] = (await claim(store, 6))?.deliveries ?? [];
      assert.deepEqual([told?.run, told?.task], [undefined, 'schedule nightly']);
    });

    it('of one cause are held when there are too many, and go out together when the hour is over', async (context) => {
      const store = await freshStore(context, factory);
      const many = Array.from({ length: 70 }, (_, index) => mail({ run: index + 1 }));
      await send(store, 10, ...many, mail({ cause: 'another' }), mail({ to: '19x2' }));
      const claimed: (DeliveryBatch | undefined)[] = [];
      for (let now = 11; now < 17; now++) {
        const batch = await claim(store, now);
        claimed.push(batch);
        if (batch !== undefined) await sent(store, batch, now);
      }
      assert.deepEqual(
        claimed.map((batch) => batch?.count),
        [1, 1, 1, 1, undefined, undefined],
      );
      assert.equal(await store.deliveries.nextDue(), 11 + HOUR);
      await send(store, 20, mail({ run: 71 }));
      assert.equal(await claim(store, 21), undefined);
      assert.equal((await store.deliveries.ofRun(71))[0]?.isHeld, true);
      const digest = await claim(store, 12 + HOUR);
      assert.deepEqual([digest?.count, digest?.deliveries.length, digest?.deliveries[0]?.run], [69, 50, 3]);
      await store.deliveries.settle({
        batch: digest?.id ?? 0,
        at: 13 + HOUR,
        outcome: { kind: 'later', dueAt: 14 + HOUR, problem: 'x' },
      });
      await send(store, 14 + HOUR, mail({ run: 72 }));
      const again = [await claim(store, 14 + HOUR), await claim(store, 14 + HOUR)];
      assert.deepEqual(
        again.map((batch) => [batch?.id === digest?.id, batch?.count]),
        [
          [true, 69],
          [false, 1],
        ],
        'what goes out together stays together, and others come beside it',
      );
    });

    it('are not added by a unit that is refused, and are forgotten when asked', async (context) => {
      const store = await freshStore(context, factory);
      await store.records.prepareModules([products]);
      await commitRecords(store, 4, write({ id: '14x1', values: {} }));
      const records = [write({ id: '14x1', basedOn: 3, values: {} })];
      const refused = { at: 5, records, runs: [], dedup: undefined, deliveries: [mail()] };
      assert.equal((await store.records.commit(refused)).kind, 'conflict');
      assert.equal(await store.deliveries.nextDue(), undefined);
      await send(store, 5, mail(), mail({ to: '19x2' }));
      await sent(store, await claim(store, 6), 7);
      assert.equal(await forgetAged(store, 'delivery', 7), 0);
      assert.equal(await forgetAged(store, 'delivery', 8), 1);
      assert.equal((await store.deliveries.ofRun(1)).length, 1);
    });
  });
}
