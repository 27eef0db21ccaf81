import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { USERS } from '../../src/core/identity-module.ts';
import type { FieldDefinition, ModuleDefinition } from '../../src/core/module.ts';
import type { Query, QueryCondition, QueryJoin } from '../../src/core/query.ts';
import type { RecordValue, RecordValues } from '../../src/core/record.ts';
import type { RecordWrite } from '../../src/core/unit-of-work.ts';
import type { Store } from '../../src/store/store.ts';
import type { TestInstall } from '../contract/test-install.ts';
import { field } from '../contract/sample-records.ts';
import { postgresInstall } from './postgres-install.ts';
import { sqliteInstall } from './sqlite-install.ts';

const START = Date.parse('2026-03-01T10:00:00.250Z');
const RECORDS = 120;

const parts: ModuleDefinition = {
  name: 'Parts',
  label: 'Parts',
  prefix: '14',
  title: 'name',
  fields: [
    field('name', 'string'),
    field('note', 'text'),
    field('pieces', 'integer'),
    field('price', 'number'),
    field('active', 'boolean'),
    field('due', 'date'),
    field('seen', 'datetime'),
    field('boss', 'owner'),
    field('other', 'reference'),
  ],
};

const makers: ModuleDefinition = {
  ...parts,
  name: 'Makers',
  prefix: '15',
  fields: [field('name', 'string'), field('pieces', 'number'), field('active', 'boolean'), field('other', 'reference')],
};

const unknown: ModuleDefinition = { ...makers, name: 'Unknown', prefix: '16' };

const JOINS: readonly QueryJoin[] = [
  { name: 'other', through: 'other', modules: [makers, parts, unknown] },
  { name: 'other.other', through: 'other.other', modules: [parts] },
  { name: 'Users', through: 'boss', modules: [USERS] },
];

const long = 'ü'.repeat(700);
const CASES = [
  ['', ' ', 'a', 'A', 'b', 'B', 'bolt', 'Bolt', 'BOLT ', 'ä', 'Ä', 'ß', 'ss', 'e\u0301', 'é', 'İ', 'ı', 'K', 'k'],
  [
    '\u212a',
    'z',
    '{',
    '~',
    '\u{1f529}',
    '\uffff',
    '螺栓',
    'a%b',
    'a_b',
    'a\\b',
    'a\\',
    '%',
    '_',
    '\\',
    "it's",
    '"',
    '?',
  ],
  ['$1', 'NULL', 'null', '0', '1', '10', '9', '2.50', '9007199254740993', '1e3', 'true', '2026-01-01', '14x1', '{}'],
  ['a\nb', 'a\tb', '\u0001', 'a b', long, `${long}a`, `${long}b`, `${long}\u{1f529}`, 'x'.repeat(3_000)],
];
const TEXTS = CASES.flat();
const NUMBERS = [
  [0, -0, 1, -1, 2, 2.5, 0.1, 0.1 + 0.2, 0.3, 1 / 3, 1e-5, 0.0001, 0.00009999, 1e15, 999999999999999.9, 1e16],
  [123456789012345, 1234567890.12345, 1e21, 1e22, -1e22, 1e308, -1e308, 2 ** 53, 2 ** 53 + 2, 1e-300],
].flat();
const WHOLES = [0, -0, 1, -1, 2, 10, 100, 2 ** 31, 2 ** 53 - 1, -(2 ** 53 - 1), 123456789012345];

const text = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.string({ unit: 'grapheme', maxLength: 8 }).filter((value) => !value.includes('\u0000')),
);
const number = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => value === 0 || Math.abs(value) > 1e-290),
);
const reference = fc.oneof(
  fc.tuple(fc.constantFrom('14', '15', '16', '19'), fc.integer({ min: 0, max: 12 })).map(([p, n]) => `${p}x${n}`),
  fc.constantFrom('15x007', '15x', 'x', '15x1x1', '15x99999999999999999999', '15xa', ''),
);
const VALUES: Readonly<Record<string, fc.Arbitrary<RecordValue>>> = {
  name: text,
  note: text,
  pieces: fc.oneof(fc.constantFrom(...WHOLES), fc.maxSafeInteger()),
  price: number,
  active: fc.boolean(),
  due: fc.constantFrom('2026-01-01', '2026-12-31', '1999-02-03'),
  seen: fc.constantFrom('2026-01-01T00:00:00Z', '2026-12-31T23:59:59Z'),
  boss: reference,
  other: reference,
};

function valuesOf(module: ModuleDefinition): fc.Arbitrary<RecordValues> {
  const entries = module.fields.map(({ name }) => [name, fc.option(VALUES[name] ?? text, { freq: 6 })] as const);
  return fc.record(Object.fromEntries(entries));
}

/** Anything may be asked of any field. */
const asked: fc.Arbitrary<RecordValue> = fc.oneof(
  text,
  number,
  fc.boolean(),
  reference,
  fc.constant(null),
  fc.constantFrom(START, START + 1000, 1.5, '2026-03-01 10:00:05', '2026-03-01T10:00:05Z', 'a\u0000b', '\ud800'),
);
const ownName = fc.constantFrom(...parts.fields.map(({ name }) => name), 'id', 'createdtime', 'modifiedtime');
const joinedName = fc.constantFrom(
  ...['name', 'pieces', 'active', 'createdtime'].flatMap((name) => [`other.${name}`, `other.other.${name}`]),
  'Users.user_name',
  'Users.is_admin',
  'Users.time_zone',
);
const pattern = fc.oneof(
  text,
  fc
    .array(fc.oneof(fc.constantFrom('%', '_', '\\', '\\%', '\\_', '\\\\', 'ä', 'K', '.', 'e', 'x', '0'), text), {
      maxLength: 4,
    })
    .map((p) => p.join('')),
);

function conditions(name: fc.Arbitrary<string>): fc.Arbitrary<QueryCondition> {
  const compare = fc.record({
    kind: fc.constant('compare' as const),
    field: name,
    operator: fc.constantFrom('=' as const, '<>' as const, '<' as const, '<=' as const, '>' as const, '>=' as const),
    value: asked,
  });
  const leaf: fc.Arbitrary<QueryCondition> = fc.oneof(
    compare,
    fc.record({ kind: fc.constant('like' as const), field: name, pattern }),
    fc.record({ kind: fc.constant('in' as const), field: name, values: fc.array(asked, { maxLength: 20 }) }),
    fc.record({ kind: fc.constant('null' as const), field: name }),
    fc.record({ kind: fc.constant('related' as const), to: fc.array(reference, { maxLength: 3 }) }),
  );
  const { condition } = fc.letrec<{ condition: QueryCondition }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      leaf,
      fc.record({ kind: fc.constant('not' as const), part: tie('condition') }),
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        parts: fc.array(tie('condition'), { maxLength: 3 }),
      }),
    ),
  }));
  return condition;
}

function queries(name: fc.Arbitrary<string>, joins: readonly QueryJoin[] | undefined): fc.Arbitrary<Query> {
  return fc.record({
    module: fc.constant('Parts'),
    select: joins === undefined ? fc.constant('*' as const) : fc.array(joinedName, { maxLength: 3 }),
    ...(joins === undefined ? {} : { joins: fc.constant(joins) }),
    where: fc.option(conditions(name), { nil: undefined, freq: 9 }),
    order: fc.array(fc.record({ field: name, descending: fc.boolean() }), { maxLength: 2 }),
    offset: fc.constantFrom(0, 0, 1, 50, 1000),
    limit: fc.constantFrom(0, 1, 7, 1000),
  });
}

function creation(module: ModuleDefinition, number: number, values: RecordValues): RecordWrite {
  return {
    kind: 'create',
    module: module.name,
    id: `${module.prefix}x${number}`,
    basedOn: 0,
    values,
    changed: Object.keys(values),
    actor: { user: '19x1' },
  };
}

async function fill(store: Store, records: readonly RecordWrite[]): Promise<void> {
  await store.records.prepareModules([parts, makers]);
  for (const [index, name] of ['ada', 'Bob'].entries()) {
    await store.identities.addUser({ name, admin: index === 0, accessKey: `key-${name}`, at: START });
  }
  for (let from = 0; from < records.length; from += 4) {
    const some = records.slice(from, from + 4);
    await store.records.commit({ at: START + from * 333, records: some, runs: [], dedup: undefined });
  }
  const actor = { user: '19x1' };
  const relations = [1, 2, 3, 4].map((number) => ({
    kind: 'relate' as const,
    source: { module: 'Parts', id: `14x${number}` },
    target: { module: number % 2 === 0 ? 'Parts' : 'Makers', id: number % 2 === 0 ? '14x9' : '15x3' },
    actor,
  }));
  await store.records.commit({ at: START, records: [], runs: [], dedup: undefined, relations });
}

/** What a store answers, or the code it refuses with. */
async function answer(store: Store, query: Query) {
  try {
    const [found, listed, count] = await Promise.all([
      store.records.find(parts, query),
      store.records.query(parts, query),
      store.records.count(parts, query),
    ]);
    assert.deepEqual(listed, found.found);
    assert.equal(count, found.total);
    return found;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown ? thrown.code : thrown;
  }
}

describe('both databases', () => {
  const installs: TestInstall[] = [];
  const stores: Store[] = [];

  before(async () => {
    const [made] = fc.sample(
      fc.tuple(
        fc.array(valuesOf(parts), { minLength: RECORDS, maxLength: RECORDS }),
        fc.array(valuesOf(makers), { minLength: 12, maxLength: 12 }),
      ),
      { numRuns: 1, seed: 7 },
    );
    assert.ok(made);
    const records = [
      ...made[0].map((values, index) => creation(parts, index + 1, values)),
      ...made[1].map((values, index) => creation(makers, index + 1, values)),
    ];
    for (const make of [sqliteInstall, postgresInstall]) {
      const install = await make();
      const store = await install.open();
      installs.push(install);
      stores.push(store);
      await fill(store, records);
    }
  });

  after(async () => {
    for (const store of stores) await store.close();
    for (const install of installs) await install.remove();
  });

  const agree = (query: fc.Arbitrary<Query>) =>
    fc.assert(
      fc.asyncProperty(query, async (one) => {
        const [first, second] = await Promise.all(stores.map((store) => answer(store, one)));
        assert.deepEqual(second, first);
      }),
      { numRuns: 120 },
    );

  it('keep the same records', async () => {
    const everything: Query = { module: 'Parts', select: '*', where: undefined, order: [], offset: 0, limit: 1000 };
    const [first, second] = await Promise.all(stores.map((store) => answer(store, everything)));
    assert.deepEqual(second, first);
    assert.equal(typeof first === 'object' && first !== null && 'total' in first ? first.total : 0, RECORDS);
  });

  it('put every field in the same order', async () => {
    for (const { name } of [...parts.fields, { name: 'id' }, { name: 'createdtime' }] satisfies Pick<
      FieldDefinition,
      'name'
    >[]) {
      for (const descending of [false, true]) {
        const order = [{ field: name, descending }];
        const query: Query = { module: 'Parts', select: '*', where: undefined, order, offset: 0, limit: 1000 };
        const [first, second] = await Promise.all(stores.map((store) => answer(store, query)));
        assert.deepEqual(second, first, name);
      }
    }
  });

  it('find the same records in the same order', () => agree(queries(ownName, undefined)));

  it('find the same records through references', () => agree(queries(fc.oneof(ownName, joinedName), JOINS)));
});
