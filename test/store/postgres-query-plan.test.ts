import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Query, QueryCondition } from '../../src/core/query.ts';
import { PostgresDatabase } from '../../src/store/postgres/database.ts';
import { numbered, POSTGRES } from '../../src/store/postgres/postgres-dialect.ts';
import { RecordTables } from '../../src/store/postgres/record-tables.ts';
import { rowColumns } from '../../src/store/record-rows.ts';
import { renderSelect } from '../../src/store/record-select.ts';
import { products, query } from '../contract/sample-records.ts';
import { giveBack, newDatabase, statement } from './postgres-cluster.ts';

const COLUMNS = rowColumns(POSTGRES, products, new Map(products.fields.map(({ name }) => [`f_${name}`, 'text'])));
const NAMED: QueryCondition = { kind: 'compare', field: 'productname', operator: '=', value: 'name 17' };
const OWN: QueryCondition = { kind: 'compare', field: 'account', operator: '=', value: '11x17' };

describe('queries of many records on PostgreSQL', () => {
  let url: string;
  let db: PostgresDatabase;

  before(async () => {
    url = await newDatabase();
    db = new PostgresDatabase({ url });
    await new RecordTables(db).prepare([products]);
    await statement(
      url,
      `INSERT INTO "m_Products" ("number", "version", "created_at", "modified_at", "created_by", "modified_by",
         "f_productname", "f_account")
       SELECT n, 1, n, n, '19x1', '19x1', 'name ' || n, '11x' || n FROM generate_series(1, 20000) AS n`,
    );
    await statement(url, 'ANALYZE "m_Products"');
  });

  after(async () => {
    await db.close();
    await giveBack(url);
  });

  async function planOf(asked: Partial<Query>): Promise<string> {
    const { select, from, where, order } = renderSelect(POSTGRES, query(asked), {
      module: products,
      columns: COLUMNS,
      hasTable: () => true,
    });
    const sql = numbered(`EXPLAIN SELECT ${select.join(', ')} FROM ${from} WHERE ${where.sql} ${order} LIMIT 20`);
    const rows = await db.all<{ 'QUERY PLAN': string }>(sql, where.values);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }

  const names = Array.from({ length: 40 }, (_, index) => `name ${index}`);
  const cases: readonly (readonly [what: string, asked: Partial<Query>, index: string])[] = [
    ['a title', { where: NAMED }, 'm_Products:productname'],
    ['a list of titles', { where: { kind: 'in', field: 'productname', values: names } }, 'm_Products:productname'],
    ['a reference', { where: OWN }, 'm_Products:account'],
    ['an id', { where: { kind: 'compare', field: 'id', operator: '=', value: '14x17' } }, 'm_Products_pkey'],
    ['the first by title', { order: [{ field: 'productname', descending: false }] }, 'm_Products:productname'],
    ['the last by title', { order: [{ field: 'productname', descending: true }] }, 'm_Products:productname'],
    ['the last changed', { order: [{ field: 'modifiedtime', descending: true }] }, 'm_Products:'],
    [
      'the title behind a reference',
      {
        joins: [{ name: 'account', through: 'account', modules: [{ ...products, prefix: '11' }] }],
        where: { ...NAMED, field: 'account.productname' },
      },
      'm_Products:productname',
    ],
  ];
  for (const [what, asked, index] of cases) {
    it(`read an index for ${what}, never all records`, async () => {
      const plan = await planOf(asked);
      assert.ok(plan.includes(index), plan);
      assert.doesNotMatch(plan, /Seq Scan/u);
    });
  }
});
