import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RelationKind, RelationWrite } from '../../src/core/relation.ts';
import type { CommitResult } from '../../src/core/unit-of-work.ts';
import type { Store } from '../../src/store/store.ts';
import { commitRecords, products, query, write } from './sample-records.ts';
import { sampleRun } from './sample-runs.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const ACTOR = { user: '19x1' };

function link(kind: RelationKind, source: string, target: string): RelationWrite {
  return {
    kind,
    source: { module: 'Products', id: source },
    target: { module: 'Products', id: target },
    actor: ACTOR,
  };
}

function commitLinks(store: Store, ...relations: RelationWrite[]): Promise<CommitResult> {
  return store.records.commit({ at: 20, records: [], runs: [sampleRun()], dedup: undefined, relations });
}

async function storeWithProducts(context: Parameters<typeof freshStore>[0], factory: InstallFactory): Promise<Store> {
  const store = await freshStore(context, factory);
  await store.records.prepareModules([products]);
  await commitRecords(store, 10, ...[1, 2, 3].map((number) => write({ id: `14x${number}` })));
  return store;
}

/** How every store keeps links between records. */
export function relationContract(name: string, factory: InstallFactory): void {
  describe(`relations: ${name}`, () => {
    it('keeps one link for a pair, whichever side it is made from', async (context) => {
      const store = await storeWithProducts(context, factory);
      assert.equal(await store.records.linked('14x1', '14x2'), false);
      assert.equal((await commitLinks(store, link('relate', '14x1', '14x2'))).kind, 'committed');
      assert.equal(await store.records.linked('14x1', '14x2'), true);
      assert.equal(await store.records.linked('14x2', '14x1'), true);
      assert.equal((await commitLinks(store, link('relate', '14x1', '14x2'))).kind, 'conflict');
      assert.equal((await commitLinks(store, link('relate', '14x2', '14x1'))).kind, 'conflict');
      assert.equal((await commitLinks(store, link('unrelate', '14x2', '14x1'))).kind, 'committed');
      assert.equal(await store.records.linked('14x1', '14x2'), false);
      assert.equal((await commitLinks(store, link('unrelate', '14x1', '14x2'))).kind, 'conflict');
      assert.equal((await store.journal.runs({ limit: 9 })).length, 2, 'a conflict accepts no run');
    });

    it('links all or none, and only records that are there', async (context) => {
      const store = await storeWithProducts(context, factory);
      const both = [link('relate', '14x1', '14x2'), link('relate', '14x1', '14x9')];
      assert.deepEqual(await commitLinks(store, ...both), { kind: 'conflict', id: '14x9' });
      assert.equal(await store.records.linked('14x1', '14x2'), false);
    });

    it('forgets the links of a record in the commit that deletes it', async (context) => {
      const store = await storeWithProducts(context, factory);
      await commitLinks(store, link('relate', '14x1', '14x2'), link('relate', '14x3', '14x1'));
      await commitRecords(store, 30, write({ id: '14x1', basedOn: 1, kind: 'delete' }));
      assert.equal(await store.records.linked('14x1', '14x2'), false);
      assert.equal(await store.records.linked('14x1', '14x3'), false);
    });

    it('finds and counts the records that are linked with one, page by page', async (context) => {
      const store = await storeWithProducts(context, factory);
      await commitLinks(store, link('relate', '14x2', '14x1'), link('relate', '14x1', '14x3'));
      const where = { kind: 'related', to: ['14x1'] } as const;
      const ids = async (page: { offset: number; limit: number }): Promise<readonly string[]> =>
        (await store.records.query(products, query({ where, ...page }))).map(({ id }) => id);
      assert.equal(await store.records.count(products, query({ where })), 2);
      assert.deepEqual(await ids({ offset: 0, limit: 9 }), ['14x2', '14x3']);
      assert.deepEqual(await ids({ offset: 1, limit: 1 }), ['14x3']);
      const none = { kind: 'related', to: ["14x1' OR 1=1"] } as const;
      assert.equal(await store.records.count(products, query({ where: none })), 0);
    });

    it('finds the records that are linked with one of several, each once', async (context) => {
      const store = await storeWithProducts(context, factory);
      await commitLinks(store, link('relate', '14x2', '14x1'), link('relate', '14x1', '14x3'));
      await commitLinks(store, link('relate', '14x2', '14x3'));
      const idsOf = async (...to: string[]): Promise<readonly string[]> =>
        (await store.records.query(products, query({ where: { kind: 'related', to } }))).map(({ id }) => id);
      assert.deepEqual(await idsOf('14x1', '14x2'), ['14x1', '14x2', '14x3']);
      assert.deepEqual(await idsOf('14x3', '14x9', "14x1'"), ['14x1', '14x2']);
      assert.deepEqual(await idsOf(), []);
    });
  });
}
