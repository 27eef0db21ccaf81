import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { describe, it } from 'node:test';
import type { Query, QueryComparison, QueryCondition } from '../../src/core/query.ts';
import type { RecordValue } from '../../src/core/record.ts';
import { commitRecords, products, query, write } from './sample-records.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const START = Date.parse('2026-03-01T10:00:00.250Z');

/** How every record store answers queries. */
export function recordQueryContract(name: string, factory: InstallFactory): void {
  describe(`queries: ${name}`, () => {
    it('finds what a condition says', async (context) => {
      const { numbers } = await filled(context, factory);
      for (const [condition, expected] of CONDITIONS) {
        assert.deepEqual(await numbers({ where: condition }), expected, JSON.stringify(condition));
      }
    });

    it('orders totally, null first', async (context) => {
      const { numbers } = await filled(context, factory);
      const by = (field: string, descending: boolean) => numbers({ order: [{ field, descending }] });
      assert.deepEqual(await by('unit_price', false), [4, 1, 3, 2, 5]);
      assert.deepEqual(await by('unit_price', true), [5, 2, 1, 3, 4]);
      assert.deepEqual(await by('productname', false), [4, 5, 1, 2, 3]);
      assert.deepEqual(await by('id', true), [5, 4, 3, 2, 1]);
      assert.deepEqual(await by('modifiedtime', true), [5, 4, 3, 2, 1]);
      assert.deepEqual(await numbers({}), [1, 2, 3, 4, 5]);
    });

    it('pages, and counts without the page', async (context) => {
      const { store, numbers } = await filled(context, factory);
      assert.deepEqual(await numbers({ limit: 2, offset: 1 }), [2, 3]);
      const where = compare('quantity', '>', 1);
      assert.equal(await store.records.count(products, query({ where, limit: 1, offset: 3 })), 3);
      assert.equal(await store.records.count({ ...products, name: 'Unknown' }, query()), 0);
    });

    it('tells with any page how many there are on all', async (context) => {
      const { store } = await filled(context, factory);
      const find = async (params: Partial<Query>) => {
        const { found, total } = await store.records.find(products, query(params));
        return [found.map((image) => Number(image.id.slice(3))), total];
      };
      const where = compare('quantity', '>', 1);
      assert.deepEqual(await find({ where }), [[2, 3, 4], 3]);
      assert.deepEqual(await find({ where, limit: 2 }), [[2, 3], 3]);
      assert.deepEqual(await find({ where, limit: 3 }), [[2, 3, 4], 3]);
      assert.deepEqual(await find({ where, limit: 2, offset: 2 }), [[4], 3]);
      assert.deepEqual(await find({ where, limit: 2, offset: 3 }), [[], 3]);
      assert.deepEqual(await find({ where, limit: 0 }), [[], 3]);
      assert.deepEqual(await find({ where: compare('quantity', '>', 99) }), [[], 0]);
      assert.deepEqual(await store.records.find({ ...products, name: 'Unknown' }, query()), { found: [], total: 0 });
    });

    it('tells the same whether an index leads to few records or to many', async (context) => {
      const store = await freshStore(context, factory);
      await store.records.prepareModules([products]);
      const many = Array.from({ length: 130 }, (_, index) =>
        write({
          id: `14x${index + 1}`,
          values: { productname: index < 120 ? 'Bolt' : `Nut ${index}`, quantity: index % 7, unit_price: index },
        }),
      );
      await commitRecords(store, START, ...many);
      const find = async (params: Partial<Query>) => {
        const { found, total } = await store.records.find(products, query(params));
        const ids = found.map(({ id }) => Number(id.slice(3)));
        const counted = await store.records.count(products, query(params));
        const listed = await store.records.query(products, query(params));
        assert.deepEqual([counted, listed.map(({ id }) => Number(id.slice(3)))], [total, ids]);
        return [ids, total];
      };
      const bolts = compare('productname', '=', 'Bolt');
      const nut = compare('productname', '=', 'Nut 121');
      const names: QueryCondition = { kind: 'in', field: 'productname', values: ['Nut 125', 'Nut 121', 'None'] };
      const all = (...parts: QueryCondition[]): QueryCondition => ({ kind: 'and', parts });
      assert.deepEqual(await find({ where: bolts, limit: 2, offset: 100 }), [[101, 102], 120]);
      assert.deepEqual(await find({ where: nut }), [[122], 1]);
      assert.deepEqual(await find({ where: nut, offset: 1 }), [[], 1]);
      assert.deepEqual(await find({ where: names, limit: 1 }), [[122], 2]);
      assert.deepEqual(await find({ where: names, order: [{ field: 'unit_price', descending: true }] }), [
        [126, 122],
        2,
      ]);
      assert.deepEqual(await find({ where: all(bolts, compare('quantity', '=', 6)), limit: 1, offset: 16 }), [
        [119],
        17,
      ]);
      assert.deepEqual(await find({ where: all(compare('quantity', '>', 2), names) }), [[126], 1]);
    });

    it('finds the one record of an id, on its page', async (context) => {
      const { store } = await filled(context, factory);
      const find = (id: RecordValue, params: Partial<Query> = {}) =>
        store.records.find(products, query({ where: compare('id', '=', id), ...params }));
      const image = await store.records.read(products, '14x2');
      assert.ok(image);
      assert.deepEqual(await find('14x2'), { found: [image], total: 1 });
      assert.deepEqual(await find('14x2', { offset: 1 }), { found: [], total: 1 });
      assert.deepEqual(await find('14x2', { limit: 0 }), { found: [], total: 1 });
      for (const id of ['14x99', '15x2', '14x02', '14x2x2', 'x', '', 2, null]) {
        assert.deepEqual(await find(id), { found: [], total: 0 }, String(id));
      }
    });

    it('finds a record as soon as it is committed', async (context) => {
      const { store } = await filled(context, factory);
      for (let number = 6; number < 16; number++) {
        const id = `14x${number}`;
        await commitRecords(store, START + number * 1000, write({ id, values: { productname: `new ${number}` } }));
        for (const where of [compare('id', '=', id), compare('productname', '=', `new ${number}`)]) {
          assert.equal((await store.records.find(products, query({ where }))).total, 1);
        }
      }
    });

    it('gives whole images', async (context) => {
      const { store } = await filled(context, factory);
      const [found] = await store.records.query(products, query({ where: compare('id', '=', '14x2') }));
      assert.deepEqual(found, await store.records.read(products, '14x2'));
    });

    it('refuses an unknown field', async (context) => {
      const { store } = await filled(context, factory);
      const where = compare('nothing', '=', 1);
      await assert.rejects(store.records.query(products, query({ where })), { code: 'STORE_QUERY_INVALID' });
    });

    it('takes long lists', async (context) => {
      const { numbers } = await filled(context, factory);
      const values = Array.from({ length: 50_000 }, (_, index) => index * 2);
      assert.deepEqual(await numbers({ where: { kind: 'in', field: 'quantity', values } }), [2, 4]);
      const names = Array.from({ length: 40 }, (_, index) => `x${index}`);
      const among = [...names, 'nut', 'Bolt', null];
      for (const list of [among, among.slice(35)]) {
        const where = { kind: 'in', field: 'productname', values: list } as const;
        assert.deepEqual(await numbers({ where }), [2, 5]);
        assert.deepEqual(await numbers({ where: { kind: 'not', part: where } }), []);
      }
    });

    it('takes thousands of conditions beside each other', async (context) => {
      const { numbers } = await filled(context, factory);
      const values = Array.from({ length: 5_000 }, (_, index) => index + 2);
      const parts = values.map((value) => compare('quantity', '=', value));
      assert.deepEqual(await numbers({ where: { kind: 'or', parts } }), [2, 3, 4]);
      const others = parts.slice(1).map((part) => ({ kind: 'not', part }) as const);
      assert.deepEqual(await numbers({ where: { kind: 'and', parts: others } }), [1, 2]);
    });
  });
}

async function filled(context: TestContext, factory: InstallFactory) {
  const store = await freshStore(context, factory);
  await store.records.prepareModules([products]);
  const rows = [
    { productname: 'bolt', quantity: 1, unit_price: 2, active: true, account: '11x1', version: '100%' },
    { productname: 'nut', quantity: 2, unit_price: 10.5, active: false, account: '11x2', version: '1_0' },
    { productname: '\u00c4rger', quantity: 3, unit_price: 2, active: true, version: 'a\\b' },
    { productname: null, quantity: 4, unit_price: null, active: null, version: '' },
    { productname: 'Bolt', quantity: null, unit_price: 100, active: true, version: "'; DROP TABLE x" },
  ];
  for (const [index, values] of rows.entries()) {
    await commitRecords(store, START + index * 1000, write({ id: `14x${index + 1}`, values }));
  }
  const numbers = async (params: Partial<Query>) =>
    (await store.records.query(products, query(params))).map((image) => Number(image.id.slice(3)));
  return { store, numbers };
}

function compare(field: string, operator: QueryComparison, value: RecordValue): QueryCondition {
  return { kind: 'compare', field, operator, value };
}

function like(field: string, pattern: string): QueryCondition {
  return { kind: 'like', field, pattern };
}

const CONDITIONS: readonly (readonly [QueryCondition, readonly number[]])[] = [
  [compare('productname', '=', 'bolt'), [1]],
  [compare('productname', '<>', 'bolt'), [2, 3, 5]],
  [compare('productname', '>', 'bolt'), [2, 3]],
  [compare('productname', '=', null), []],
  [compare('quantity', '>=', 2), [2, 3, 4]],
  [compare('quantity', '=', '2'), [2]],
  [compare('quantity', '=', 'two'), []],
  [compare('quantity', '<>', 'two'), [1, 2, 3, 4]],
  [compare('unit_price', '<', 10.5), [1, 3]],
  [compare('unit_price', '=', '2'), [1, 3]],
  [compare('active', '=', true), [1, 3, 5]],
  [compare('active', '=', 'false'), [2]],
  [compare('account', '=', '11x2'), [2]],
  [compare('version', '=', ''), [4]],
  [compare('version', '=', "'; DROP TABLE x"), [5]],
  [compare('id', '=', '14x3'), [3]],
  [compare('id', '=', '15x3'), []],
  [compare('id', '<>', '15x3'), [1, 2, 3, 4, 5]],
  [compare('id', '>', '14x3'), [4, 5]],
  [compare('createdtime', '=', '2026-03-01 10:00:01'), [2]],
  [compare('createdtime', '<>', '2026-03-01T10:00:01Z'), [1, 3, 4, 5]],
  [compare('modifiedtime', '>', '2026-03-01T10:00:01Z'), [3, 4, 5]],
  [compare('modifiedtime', '>=', '2026-03-01T10:00:01'), [2, 3, 4, 5]],
  [compare('modifiedtime', '<', '2026-03-01T11:00:01+01:00'), [1]],
  [compare('modifiedtime', '<=', '2026-03-01 10:00:01'), [1, 2]],
  [compare('modifiedtime', '>', START + 1000), [3, 4, 5]],
  [compare('modifiedtime', '=', 'yesterday'), []],
  [like('productname', 'BOLT'), [1, 5]],
  [like('productname', '%T'), [1, 2, 5]],
  [like('productname', '\u00e4%'), []],
  [like('productname', '_rger'), [3]],
  [like('version', '100\\%'), [1]],
  [like('version', '1\\_0'), [2]],
  [like('version', '1_0'), [2]],
  [like('version', 'a\\b'), [3]],
  [like('version', 'a\\\\b'), [3]],
  [like('version', '%\\'), []],
  [like('unit_price', '2'), [1, 3]],
  [like('unit_price', '10._'), [2]],
  [like('unit_price', '%'), [1, 2, 3, 5]],
  [like('unit_price', '0'), []],
  [like('id', '14x_'), [1, 2, 3, 4, 5]],
  [like('createdtime', '2026-03-01T10:00:03%'), [4]],
  [{ kind: 'null', field: 'productname' }, [4]],
  [{ kind: 'in', field: 'productname', values: ['nut', 'Bolt', null, 'x'] }, [2, 5]],
  [{ kind: 'in', field: 'id', values: ['14x1', '15x2', 3] }, [1]],
  [{ kind: 'in', field: 'active', values: [false] }, [2]],
  [{ kind: 'in', field: 'createdtime', values: ['2026-03-01 10:00:00', '2026-03-01 10:00:04'] }, [1, 5]],
  [{ kind: 'in', field: 'quantity', values: [] }, []],
  [{ kind: 'not', part: compare('quantity', '>', 2) }, [1, 2]],
  [{ kind: 'not', part: { kind: 'null', field: 'quantity' } }, [1, 2, 3, 4]],
  [{ kind: 'not', part: compare('modifiedtime', '=', '2026-03-01 10:00:01') }, [1, 3, 4, 5]],
  [{ kind: 'and', parts: [compare('active', '=', true), compare('quantity', '>', 1)] }, [3]],
  [
    {
      kind: 'and',
      parts: [
        { kind: 'or', parts: [compare('quantity', '=', 1), compare('quantity', '=', 2)] },
        compare('active', '=', false),
      ],
    },
    [2],
  ],
  [{ kind: 'and', parts: [] }, [1, 2, 3, 4, 5]],
  [{ kind: 'or', parts: [] }, []],
];
