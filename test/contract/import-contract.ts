import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PendingReference } from '../../src/core/import-store.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const SOURCE = 'https://crm.example.com/webservice.php';
const KEY = { source: SOURCE, module: 'Accounts', direction: 'in' } as const;
const PROGRESS = { asked: 'all', after: '11x5', created: 4, changed: 0, unchanged: 1, failed: 0, done: false };

/** What every store of transfers does. */
export function importContract(name: string, factory: InstallFactory): void {
  describe(`transfers: ${name}`, () => {
    it('keep how far they are, each for itself', async (context) => {
      const { imports } = await freshStore(context, factory);
      assert.equal(await imports.progress(KEY), undefined);
      await imports.save({ source: SOURCE, progress: { key: KEY, progress: PROGRESS } });
      assert.deepEqual(await imports.progress(KEY), PROGRESS);
      const done = { ...PROGRESS, after: '11x9', done: true };
      await imports.save({ source: SOURCE, progress: { key: KEY, progress: done } });
      assert.deepEqual(await imports.progress(KEY), done);
      assert.equal(await imports.progress({ ...KEY, direction: 'out' }), undefined);
      assert.equal(await imports.progress({ ...KEY, source: 'https://other.example.com' }), undefined);
    });

    it('know what is called how on both sides, until that is taken back', async (context) => {
      const { imports } = await freshStore(context, factory);
      await imports.save({
        source: SOURCE,
        identities: [
          ['11x1', '30x7'],
          ['11x2', '30x8'],
        ],
      });
      assert.deepEqual(await imports.identities(SOURCE, ['11x1', '11x3']), new Map([['11x1', '30x7']]));
      assert.deepEqual(await imports.remotes(SOURCE, ['30x8', '30x9']), new Map([['30x8', '11x2']]));
      await imports.save({
        source: SOURCE,
        identities: [
          ['11x1', ''],
          ['11x2', '30x9'],
        ],
      });
      assert.deepEqual(await imports.identities(SOURCE, ['11x1', '11x2']), new Map([['11x2', '30x9']]));
      assert.deepEqual(await imports.remotes(SOURCE, ['30x8', '']), new Map());
      assert.deepEqual(await imports.identities('https://other.example.com', ['11x2']), new Map());
    });

    it('keep references that wait, one for each field, and forget those that wait no longer', async (context) => {
      const { imports } = await freshStore(context, factory);
      const [a, b, c]: readonly PendingReference[] = [
        { record: '30x1', field: 'a', remote: '11x1' },
        { record: '30x1', field: 'b', remote: '11x2' },
        { record: '30x2', field: 'a', remote: '11x3' },
      ];
      assert.ok(a !== undefined && b !== undefined && c !== undefined);
      await imports.save({ source: SOURCE, pending: [c, a, b] });
      const page = (after: PendingReference | undefined, limit: number) =>
        imports.pending({ source: SOURCE, after, limit });
      assert.deepEqual(await page(undefined, 2), [a, b]);
      assert.deepEqual(await page(b, 2), [c]);
      const other = { ...a, remote: '11x9' };
      await imports.save({ source: SOURCE, pending: [other], settled: [{ record: '30x1', field: 'b' }] });
      assert.deepEqual(await page(undefined, 9), [other, c]);
      assert.deepEqual(await imports.pending({ source: 'https://other.example.com', after: undefined, limit: 9 }), []);
    });
  });
}
