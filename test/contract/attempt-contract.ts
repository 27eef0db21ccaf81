import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { AttemptStore } from '../../src/core/attempts.ts';

const bound = (key: string, most: number, windowMs = 1_000) => ({ key, most, windowMs });

/** What every count of attempts does. */
export function attemptContract(name: string, open: (context: TestContext) => Promise<AttemptStore>): void {
  describe(`attempts: ${name}`, () => {
    it('are counted up to their bound, and again when the window is over', async (context) => {
      const attempts = await open(context);
      const take = (now: number) => attempts.take([bound('a', 2)], now);
      assert.deepEqual([await take(0), await take(400), await take(900)], [0, 0, 100]);
      assert.equal(await attempts.take([bound('b', 2)], 900), 0);
      assert.deepEqual([await take(1_000), await take(1_001), await take(1_002)], [0, 0, 998]);
    });

    it('count under none of their keys when one is at its bound, and wait for the last', async (context) => {
      const attempts = await open(context);
      assert.equal(await attempts.take([bound('short', 1)], 0), 0);
      assert.equal(await attempts.take([bound('long', 1, 5_000)], 0), 0);
      assert.equal(await attempts.take([bound('free', 1), bound('long', 1), bound('short', 1)], 100), 4_900);
      assert.equal(await attempts.take([bound('free', 1)], 100), 0);
    });

    it('are no more at once than one after another', async (context) => {
      const attempts = await open(context);
      const bounds = [bound('pair', 5), bound('address', 30)];
      const waits = await Promise.all(Array.from({ length: 12 }, () => attempts.take(bounds, 10)));
      assert.equal(waits.filter((wait) => wait === 0).length, 5);
      assert.deepEqual(new Set(waits), new Set([0, 1_000]));
    });

    it('are given back and forgotten', async (context) => {
      const attempts = await open(context);
      await attempts.take([bound('a', 1), bound('b', 1)], 0);
      await attempts.giveBack(['a', 'unknown']);
      assert.deepEqual([await attempts.take([bound('a', 1)], 1), await attempts.take([bound('b', 1)], 1)], [0, 999]);
      await attempts.clear(['b', 'unknown']);
      assert.equal(await attempts.take([bound('b', 1)], 2), 0);
      await attempts.giveBack(['b', 'b', 'b']);
      assert.equal(await attempts.take([bound('b', 1)], 3), 0);
      assert.notEqual(await attempts.take([bound('b', 1)], 4), 0, 'what was given back too often gives no credit');
    });

    it('are not bounded where there is an excuse, as long as that lasts', async (context) => {
      const attempts = await open(context);
      const excused = { ...bound('user', 1, 10_000), unless: 'known' };
      assert.equal(await attempts.take([excused], 0), 0);
      assert.equal(await attempts.take([excused], 1), 9_999);
      await attempts.add([{ key: 'known', count: 1, windowMs: 100 }], 1);
      assert.equal(await attempts.take([excused], 2), 0);
      assert.equal(await attempts.take([excused], 101), 9_899);
      assert.equal(await attempts.take([bound('other', 1), excused], 102), 9_898);
    });

    it('that were counted elsewhere are added up', async (context) => {
      const attempts = await open(context);
      const both = [
        { key: 'b', count: 3, windowMs: 1_000 },
        { key: 'a', count: 4, windowMs: 500 },
      ];
      assert.deepEqual(await attempts.add(both, 0), [
        { count: 3, until: 1_000 },
        { count: 4, until: 500 },
      ]);
      assert.deepEqual(await attempts.add(both, 600), [
        { count: 6, until: 1_000 },
        { count: 4, until: 1_100 },
      ]);
      assert.deepEqual(await attempts.add([], 700), []);
    });

    it('take any text as a key', async (context) => {
      const attempts = await open(context);
      for (const key of ['', 'nul \u0000', 'half \ud800', 'x'.repeat(100_000)]) {
        assert.deepEqual(
          [await attempts.take([bound(key, 1)], 0), await attempts.take([bound(key, 1)], 1)],
          [0, 999],
          key.slice(0, 10),
        );
      }
    });
  });
}
