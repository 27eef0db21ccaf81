import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ModuleDefinition } from '../../src/core/module.ts';
import type { Query } from '../../src/core/query.ts';
import type { RecordImage } from '../../src/core/record.ts';
import { legacyRecords, type RecordReach } from '../../src/engine/legacy/legacy-records.ts';
import type { LegacyRow } from '../../src/expression/legacy/services.ts';
import { PREFERENCES } from '../../tools/conformance/memory-world.ts';

const FIELD = { label: '', mandatory: false, readOnly: false };
const ORDERS: ModuleDefinition = {
  name: 'Orders',
  label: 'Orders',
  prefix: '40',
  title: 'subject',
  fields: [
    { ...FIELD, name: 'subject', type: 'string' },
    { ...FIELD, name: 'paid', type: 'boolean' },
    { ...FIELD, name: 'seen', type: 'datetime' },
    { ...FIELD, name: 'account', type: 'reference', references: ['Accounts'] },
    { ...FIELD, name: 'owner', type: 'owner' },
  ],
};
const ACCOUNTS: ModuleDefinition = { name: 'Accounts', label: 'Accounts', prefix: '11', title: 'name', fields: [] };
const MODULES = new Map([ORDERS, ACCOUNTS].map((module) => [module.name, module]));

function order(number: number): RecordImage {
  const values = { subject: `Order ${number}`, paid: null, seen: '2025-03-14T10:20:30Z', account: '11x7', owner: null };
  const stamps = { createdAt: 0, modifiedAt: 1000, createdBy: '19x1', modifiedBy: '19x1' };
  return { id: `40x${number}`, module: 'Orders', version: 1, values, ...stamps };
}

interface Asked {
  readonly queries: Query[];
  readonly records: ReturnType<typeof legacyRecords>;
}

/** Records of a host that has this many orders and tells what it was asked for; without a count it cannot search. */
function recordsOf(count?: number): Asked {
  const queries: Query[] = [];
  const search = async (query: Query) => {
    queries.push(query);
    const left = Math.max(0, Math.min(query.limit, (count ?? 0) - query.offset));
    return Array.from({ length: left }, (_, index) => order(query.offset + index + 1));
  };
  const host: RecordReach['host'] = {
    read: async () => undefined,
    displayName: async () => undefined,
    ...(count === undefined ? {} : { search }),
  };
  const clock = { now: () => 0, timeZone: 'UTC' };
  const filter = async (rows: readonly LegacyRow[]) => rows.filter(({ id }) => id.endsWith('7'));
  const records = legacyRecords({ host, modules: () => MODULES }, { clock, preferences: PREFERENCES, filter });
  return { queries, records };
}

describe('records as legacy expressions find them', () => {
  it('have texts as the database has them', async () => {
    const [row] = await recordsOf(1).records.find({ module: 'Orders', conditions: [] });
    assert.deepEqual(row, {
      id: '40x1',
      module: 'Orders',
      fields: {
        createdtime: '1970-01-01 00:00:00',
        modifiedtime: '1970-01-01 00:00:01',
        subject: 'Order 1',
        paid: '0',
        seen: '2025-03-14 10:20:30',
        account: '11x7',
        owner: '',
      },
    });
  });

  it('are looked for by the host, exact values and relations included', async () => {
    const { records, queries } = recordsOf(0);
    const equal = { subject: 'One', paid: '0', seen: '2025-03-14 10:20:30', account: '7', owner: '' };
    await records.find({ module: 'Orders', conditions: [], equal, relatedTo: '11x7', limit: 1 });
    assert.equal(queries[0]?.limit, 1);
    assert.deepEqual(queries[0]?.where, {
      kind: 'and',
      parts: [
        {
          kind: 'and',
          parts: [
            { kind: 'compare', field: 'subject', operator: '=', value: 'One' },
            {
              kind: 'or',
              parts: [
                { kind: 'null', field: 'paid' },
                { kind: 'compare', field: 'paid', operator: '=', value: false },
              ],
            },
            { kind: 'compare', field: 'seen', operator: '=', value: '2025-03-14T10:20:30Z' },
            { kind: 'in', field: 'account', values: ['11x7'] },
            { kind: 'null', field: 'owner' },
            {
              kind: 'or',
              parts: [
                { kind: 'related', to: ['11x7'] },
                { kind: 'compare', field: 'account', operator: '=', value: '11x7' },
              ],
            },
          ],
        },
      ],
    });
  });

  it('are read page by page while conditions leave some out', async () => {
    const { records, queries } = recordsOf(2500);
    const condition = { fieldname: 'subject', operation: 'matches', value: '/7$/', valuetype: 'rawtext' } as const;
    const found = await records.find({ module: 'Orders', conditions: [condition], limit: 200 });
    assert.equal(found.length, 200);
    assert.deepEqual(
      queries.map(({ offset, limit }) => [offset, limit]),
      [
        [0, 1000],
        [1000, 1000],
      ],
    );
  });

  it('are none where module or field do not exist', async () => {
    const { records, queries } = recordsOf(5);
    assert.deepEqual(await records.find({ module: 'Nowhere', conditions: [] }), []);
    assert.deepEqual(await records.find({ module: 'Orders', conditions: [], equal: { nosuch: '1' } }), []);
    assert.deepEqual(queries, []);
  });

  it('are too many beyond ten thousand', async () => {
    const all = { module: 'Orders', conditions: [] };
    assert.equal((await recordsOf(10_000).records.find(all)).length, 10_000);
    await assert.rejects(recordsOf(10_001).records.find(all), { code: 'EXPRESSION_TOO_LARGE' });
  });

  it('cannot be looked for where the host cannot search', () =>
    assert.rejects(recordsOf().records.find({ module: 'Orders', conditions: [] }), { code: 'EXPRESSION_FAILED' }));
});
