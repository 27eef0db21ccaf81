import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunFilter } from '../../src/core/journal.ts';
import type { Store } from '../../src/store/store.ts';
import { acceptOne, claimOne, completed, settlement } from './sample-runs.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

async function found(store: Store, key: NonNullable<RunFilter['key']>, more: Partial<RunFilter> = {}) {
  return (await store.journal.runs({ limit: 9, key, ...more })).map(({ id }) => id);
}

/** How every journal keeps business keys, and what else a run is accepted with. */
export function runKeyContract(name: string, factory: InstallFactory): void {
  describe(`business keys: ${name}`, () => {
    it('find runs by value, or by name and value, newest first', async (context) => {
      const store = await freshStore(context, factory);
      await acceptOne(store, 10, { keys: { order: 'SO-17', customer: 'Berg' } });
      await acceptOne(store, 10, { keys: { order: 'SO-18', note: 'SO-17' } });
      await acceptOne(store, 10);
      assert.deepEqual((await store.journal.run(1))?.keys, { order: 'SO-17', customer: 'Berg' });
      assert.deepEqual((await store.journal.run(3))?.keys, {});
      assert.deepEqual(await found(store, { value: 'SO-17' }), [2, 1]);
      assert.deepEqual(await found(store, { name: 'order', value: 'SO-17' }), [1]);
      assert.deepEqual(await found(store, { value: 'SO-17' }, { before: 2 }), [1]);
      assert.deepEqual(await found(store, { value: 'SO-17' }, { status: ['completed'] }), []);
      assert.deepEqual(await found(store, { value: 'so-17' }), []);
      assert.deepEqual(await found(store, { value: "' OR 1=1 --" }), []);
    });

    it('are set, replaced and taken away by commits of the run', async (context) => {
      const store = await freshStore(context, factory);
      const lease = await claimOne(store, 20, await acceptOne(store, 10, { keys: { a: '1', b: '2' } }));
      assert.deepEqual(lease.run.keys, { a: '1', b: '2' });
      await store.journal.settle(lease, settlement(21, { keys: { a: '3', b: null, c: '4' } }));
      assert.deepEqual((await store.journal.run(1))?.keys, { a: '3', c: '4' });
      await store.journal.settle(lease, settlement(22, { then: completed }));
      assert.deepEqual(await found(store, { name: 'a', value: '3' }), [1]);
      assert.deepEqual(await found(store, { value: '2' }), []);
    });

    it('are cut at 200 characters, and found by what was cut', async (context) => {
      const store = await freshStore(context, factory);
      const long = `${'x'.repeat(199)}🔩🔩`;
      await acceptOne(store, 10, { keys: { order: long } });
      assert.equal((await store.journal.run(1))?.keys['order'], `${'x'.repeat(199)}🔩`);
      assert.deepEqual(await found(store, { value: long }), [1]);
    });

    it('stand beside a context that the run begins with, long texts included', async (context) => {
      const store = await freshStore(context, factory);
      const given = { batch: 'B-1', text: 'y'.repeat(50_000), list: [1, { two: null }] };
      const lease = await claimOne(store, 20, await acceptOne(store, 10, { context: given }));
      assert.deepEqual(lease.run.context, given);
      const huge = { text: 'z'.repeat(17 * 1024 * 1024) };
      await assert.rejects(acceptOne(store, 10, { context: huge }), { code: 'STORE_CONTEXT_TOO_LARGE' });
      assert.equal((await store.journal.runs({ limit: 9 })).length, 1, 'a unit that fails leaves nothing');
    });
  });
}
