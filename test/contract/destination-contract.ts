import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DestinationState, ShareWish } from '../../src/core/destination.ts';
import { acceptOne, claimOne, settleThen, waiting } from './sample-runs.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const HELD: DestinationState = { kind: 'held', since: 10, by: 'anna', reason: 'moving "house" — 倉庫' };
const OPEN: DestinationState = {
  kind: 'open',
  since: 20,
  reason: 'CALL_REFUSED',
  probes: 2,
  probeAt: 30,
  probeBy: 'n',
};

/** What every store of destinations does. */
export function destinationContract(name: string, factory: InstallFactory): void {
  describe(`destinations: ${name}`, () => {
    it('keep their states, each change on top of the one before', async (context) => {
      const { destinations } = await freshStore(context, factory);
      assert.deepEqual(await destinations.states(), []);
      assert.equal(await destinations.change({ key: 'b', after: 0, state: HELD, at: 10 }), true);
      assert.equal(await destinations.change({ key: 'a', after: 0, state: OPEN, at: 20 }), true);
      assert.equal(await destinations.change({ key: 'b', after: 1, state: { kind: 'closed' }, at: 30 }), true);
      assert.deepEqual(await destinations.states(), [
        { key: 'a', version: 1, state: OPEN },
        { key: 'b', version: 2, state: { kind: 'closed' } },
      ]);
    });

    it('are not changed by who has not seen the latest change', async (context) => {
      const { destinations } = await freshStore(context, factory);
      await destinations.change({ key: 'a', after: 0, state: OPEN, at: 1 });
      assert.equal(await destinations.change({ key: 'a', after: 0, state: HELD, at: 2 }), false);
      assert.equal(await destinations.change({ key: 'a', after: 2, state: HELD, at: 2 }), false);
      assert.equal(await destinations.change({ key: 'none', after: 1, state: HELD, at: 2 }), false);
      assert.deepEqual(await destinations.states(), [{ key: 'a', version: 1, state: OPEN }]);
    });

    it('are changed by one of those who try at once', async (context) => {
      const { destinations } = await freshStore(context, factory);
      const tries = Array.from({ length: 8 }, (_, at) => destinations.change({ key: 'a', after: 0, state: OPEN, at }));
      assert.equal((await Promise.all(tries)).filter(Boolean).length, 1);
    });

    it('tell how many runs wait for each, and since when', async (context) => {
      const store = await freshStore(context, factory);
      for (const [lane, key, since] of [
        ['1', 'a', 40],
        ['2', 'a', 30],
        ['3', 'b', 50],
      ] as const) {
        const lease = await claimOne(store, 20, await acceptOne(store, 10, { lane }));
        await settleThen(store, { lease, at: since, then: waiting('limit', since, { key, until: 900 }) });
      }
      assert.deepEqual(await store.destinations.backlog(), [
        { key: 'a', waiting: 2, since: 30 },
        { key: 'b', waiting: 1, since: 50 },
      ]);
    });

    it('are whole for a node that is alone, and nothing for one that wants nothing', async (context) => {
      const { destinations } = await freshStore(context, factory);
      const wish: ShareWish = {
        key: 'a',
        places: 8,
        calls: 10,
        usedPlaces: 0,
        usedCalls: 0,
        wantedPlaces: 100,
        wantedCalls: 100,
      };
      const ask = (wishes: ShareWish[]) => destinations.share({ node: 'n', now: 10, leaseMs: 100, wishes });
      assert.deepEqual(await ask([wish]), [{ key: 'a', places: 8, calls: 10 }]);
      assert.deepEqual(await ask([{ ...wish, wantedPlaces: 0, wantedCalls: 0 }]), [{ key: 'a', places: 0, calls: 0 }]);
      assert.deepEqual(await ask([{ ...wish, calls: undefined }]), [{ key: 'a', places: 8, calls: 0 }]);
      assert.deepEqual(await ask([]), []);
      await destinations.leave('n');
    });
  });
}
