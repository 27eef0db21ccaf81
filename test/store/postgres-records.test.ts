import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { Client } from 'pg';
import type { ModuleDefinition } from '../../src/core/module.ts';
import type { QueryCondition } from '../../src/core/query.ts';
import type { RecordValues } from '../../src/core/record.ts';
import type { CommitResult, RecordWrite } from '../../src/core/unit-of-work.ts';
import { PostgresDatabase } from '../../src/store/postgres/database.ts';
import { search } from '../../src/store/postgres/search.ts';
import type { Store } from '../../src/store/store.ts';
import { commitRecords, field, products, query, write } from '../contract/sample-records.ts';
import { until } from '../whole/poll.ts';
import { giveBack, newDatabase, statement } from './postgres-cluster.ts';
import { openOn } from './postgres-install.ts';

/** Several nodes of one install, closed after the test. */
async function openNodes(t: TestContext, count: number): Promise<{ readonly url: string; readonly nodes: Store[] }> {
  const url = await newDatabase();
  const nodes: Store[] = [];
  for (let node = 0; node < count; node++) nodes.push(await openOn(url));
  t.after(async () => {
    for (const node of nodes) await node.close();
    await giveBack(url);
  });
  return { url, nodes };
}

async function preparedNodes(t: TestContext): Promise<readonly [one: Store, other: Store, url: string]> {
  const { nodes, url } = await openNodes(t, 2);
  for (const node of nodes) await node.records.prepareModules([products]);
  const [one, other] = nodes;
  assert.ok(one !== undefined && other !== undefined);
  return [one, other, url];
}

/** A connection of another program, closed at the end of its scope. */
async function connect(url: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end() };
}

/** A record that is made only if none with this key has come since `asOf`. */
function putIn(
  store: Store,
  params: { readonly id: string; readonly key: RecordValues; readonly asOf: number; readonly values?: RecordValues },
): Promise<CommitResult> {
  const { id, key, asOf, values = key } = params;
  const unmatched = [{ module: 'Products', asOf, keys: [key] }];
  return store.records.commit({ at: 5, records: [write({ id, values })], runs: [], dedup: undefined, unmatched });
}

function where(name: string, value: string): QueryCondition {
  return { kind: 'compare', field: name, operator: '=', value };
}

describe('long texts and names on PostgreSQL', () => {
  it('keeps a title of a megabyte, which is found by itself and told from one that differs at its end', async (t) => {
    const [store] = await preparedNodes(t);
    const title = Array.from({ length: 100_000 }, (_, index) => `${index} ü`).join(' ');
    await commitRecords(
      store,
      1,
      write({ id: '14x1', values: { productname: title } }),
      write({ id: '14x2', values: { productname: `${title}!` } }),
      write({ id: '14x3', values: { productname: title.slice(0, 600) } }),
    );
    const ids = async (condition: QueryCondition) =>
      (await store.records.query(products, query({ where: condition }))).map(({ id }) => id);
    assert.deepEqual(await ids(where('productname', title)), ['14x1']);
    assert.deepEqual(await ids(where('productname', `${title}!`)), ['14x2']);
    assert.deepEqual(await ids({ kind: 'in', field: 'productname', values: [`${title}!`, title.slice(0, 600)] }), [
      '14x2',
      '14x3',
    ]);
    const order = [{ field: 'productname', descending: true }];
    const sorted = await store.records.query(products, query({ order }));
    assert.deepEqual(
      sorted.map(({ id }) => id),
      ['14x2', '14x1', '14x3'],
    );
  });

  it('refuses an id that no index takes, and U+0000, before anything is stored', async (t) => {
    const [store] = await preparedNodes(t);
    for (const values of [{ account: '1'.repeat(3_000) }, { version: 'a\u0000b' }]) {
      const unit = { at: 1, records: [write({ id: '14x1', values })], runs: [], dedup: undefined };
      await assert.rejects(store.records.commit(unit), { code: 'STORE_UNIT_INVALID' });
    }
    assert.equal(await store.records.read(products, '14x1'), undefined);
  });

  it('tells names apart that begin alike, however long they are', async (t) => {
    const { nodes, url } = await openNodes(t, 1);
    const [store] = nodes;
    assert.ok(store);
    const long = 'Ö'.repeat(60);
    const names = [`${long}a`, `${long}b`, 'short'];
    const module = (name: string): ModuleDefinition => ({
      ...products,
      name,
      title: `${long}a`,
      fields: names.map((each) => field(each, 'string')),
    });
    const [one, other] = [module(`${long}1`), { ...module(`${long}2`), prefix: '15' }];
    await store.records.prepareModules([one, other]);
    assert.deepEqual((await store.records.previewModules([one]))[0]?.columns, []);
    const values = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
    const creation = (target: ModuleDefinition, id: string): RecordWrite => ({
      ...write({ id }),
      module: target.name,
      values,
    });
    await commitRecords(store, 1, creation(one, '14x1'), creation(other, '15x2'));
    const again = await openOn(url);
    t.after(() => again.close());
    await again.records.prepareModules([one, other]);
    assert.deepEqual((await again.records.read(one, '14x1'))?.values, values);
    assert.deepEqual((await again.records.read(other, '15x2'))?.values, values);
    assert.equal(await again.records.count(other, query({ where: where(`${long}b`, `value of ${long}b`) })), 1);
    const clash = { code: 'STORE_NAME_CLASH' };
    await assert.rejects(again.records.prepareModules([module(`${long.toLowerCase()}1`)]), clash);
    const near = { ...one, fields: [...one.fields, field(`${long}A`, 'string')] };
    await assert.rejects(again.records.prepareModules([near]), clash);
  });
});

describe('two nodes on one database', () => {
  it('prepare the same modules at once', async (t) => {
    const { nodes } = await openNodes(t, 3);
    const grown = { ...products, fields: [...products.fields, field('colour', 'string'), field('boss', 'owner')] };
    for (const module of [products, grown]) {
      await Promise.all(nodes.map((node) => node.records.prepareModules([module, { ...module, name: 'Copies' }])));
      for (const node of nodes) {
        const previews = await node.records.previewModules([module]);
        assert.deepEqual([previews[0]?.columns, previews[0]?.indexes], [[], []]);
      }
    }
  });

  it('prepare modules again when a save that touches the same tables is in the way', async (t) => {
    const [one, , url] = await preparedNodes(t);
    const [alpha, beta] = ['Alpha', 'Beta'].map((name, index) => ({ ...products, name, prefix: `${70 + index}` }));
    assert.ok(alpha !== undefined && beta !== undefined);
    await one.records.prepareModules([alpha, beta]);
    const db = new PostgresDatabase({ url });
    t.after(() => db.close());
    const more = [alpha, beta].map((module) => ({ ...module, fields: [...module.fields, field('later', 'string')] }));
    let preparing: Promise<void> | undefined;
    const save = db.transaction(async (session) => {
      await session.run('LOCK TABLE "m_Beta" IN ROW EXCLUSIVE MODE');
      preparing = one.records.prepareModules(more);
      preparing.catch(() => undefined);
      await until('the preparation waits for the save', async () => {
        const [waiting] = await db.all<{ count: number }>(
          `SELECT count(*) AS count FROM pg_locks WHERE NOT granted AND relation = '"m_Beta"'::regclass`,
        );
        return waiting?.count === 1 ? true : undefined;
      });
      await session.run('LOCK TABLE "m_Alpha" IN ROW EXCLUSIVE MODE');
    });
    await save;
    await preparing;
    for (const name of ['Alpha', 'Beta']) {
      const rows = await db.all(`SELECT "f_later" FROM "m_${name}"`);
      assert.deepEqual(rows, []);
    }
  });

  it('make one record of a key that both have not found, whatever fields they looked for it by', async (t) => {
    const [one, other] = await preparedNodes(t);
    for (let round = 0; round < 40; round++) {
      const values = { productname: `key ${round}`, version: `v${round}` };
      const asOf = await one.records.latestChange();
      const key = round % 2 === 0 ? { productname: values.productname } : { version: values.version };
      const results = await Promise.all([
        putIn(one, { id: `14x${2 * round + 1}`, key: { productname: values.productname }, asOf, values }),
        putIn(other, { id: `14x${2 * round + 2}`, key, asOf, values }),
      ]);
      assert.deepEqual(results.map(({ kind }) => kind).toSorted(), ['committed', 'conflict']);
      const found = await other.records.query(products, query({ where: where('version', values.version) }));
      assert.equal(found.length, 1);
      const conflict = results.find((result) => result.kind === 'conflict');
      assert.equal(conflict?.id, found[0]?.id, 'the conflict names the record that came');
    }
  });

  it('make one record of a key asked for many times by each', async (t) => {
    const nodes = await preparedNodes(t);
    const [store] = nodes;
    const asOf = await store.records.latestChange();
    const key = { productname: 'wanted' };
    const results = await Promise.all(
      Array.from({ length: 60 }, (_, index) => {
        const node = index % 2 === 0 ? nodes[0] : nodes[1];
        return putIn(node, { id: `14x${index + 1}`, key, asOf });
      }),
    );
    assert.equal(results.filter(({ kind }) => kind === 'committed').length, 1);
    assert.equal(await store.records.count(products, query({ where: where('productname', 'wanted') })), 1);
  });

  it('see a record that became visible after others with a later number', async (t) => {
    const [store, , url] = await preparedNodes(t);
    await using another = await connect(url);
    const { client } = another;
    await client.query('BEGIN');
    await client.query(`INSERT INTO "m_Products" ("number", "version", "created_at", "modified_at", "created_by",
      "modified_by", "f_productname") VALUES (7, 1, 1, 1, '19x1', '19x1', 'late')`);
    await client.query(`INSERT INTO record_history (record_id, version, kind, at, by, changes)
      VALUES ('14x7', 1, 'create', 1, '19x1', '{}')`);
    await commitRecords(store, 2, write({ id: '14x8', values: { productname: 'later number' } }));
    const asOf = await store.records.latestChange();
    assert.equal(await store.records.count(products, query({ where: where('productname', 'late') })), 0);
    await client.query('COMMIT');
    assert.deepEqual(await putIn(store, { id: '14x9', key: { productname: 'late' }, asOf }), {
      kind: 'conflict',
      id: '14x7',
    });
    const again = await store.records.latestChange();
    assert.equal((await putIn(store, { id: '14x9', key: { productname: 'other' }, asOf: again })).kind, 'committed');
  });

  it('look among many changes from the other end', async (t) => {
    const [store, , url] = await preparedNodes(t);
    const asOf = await store.records.latestChange();
    await commitRecords(store, 2, write({ id: '14x7', values: { productname: 'late', active: true } }));
    await statement(
      url,
      `INSERT INTO record_history (record_id, version, kind, at, by, changes)
      SELECT '14x' || n, 1, 'create', 1, '19x1', '{}' FROM generate_series(1000, 8000) AS n`,
    );
    const late = { productname: 'late', active: true, version: null };
    const put = (key: RecordValues) => putIn(store, { id: '14x9', key, asOf, values: { productname: 'x' } });
    assert.deepEqual(await put(late), { kind: 'conflict', id: '14x7' });
    for (const key of [{ ...late, active: false }, { nothing: 1 }, { ...late, version: 'a' }, { quantity: 'x' }]) {
      const result = await put(key);
      assert.equal(result.kind, 'committed', JSON.stringify(key));
      await commitRecords(store, 3, write({ id: '14x9', basedOn: 1, kind: 'delete' }));
    }
  });

  it('create a record of one id once', async (t) => {
    const [one, other] = await preparedNodes(t);
    for (let number = 1; number <= 40; number++) {
      const ids = [`14x${number}`, `14x${number + 1000}`];
      const unit = { at: 1, records: ids.map((id) => write({ id })), runs: [], dedup: undefined };
      const reversed = { ...unit, records: unit.records.toReversed() };
      const results = await Promise.all([one.records.commit(unit), other.records.commit(reversed)]);
      assert.deepEqual(results.map(({ kind }) => kind).toSorted(), ['committed', 'conflict']);
    }
    assert.equal(await one.records.count(products, query()), 80);
  });

  it('change a record of one version once, and see each other at once', async (t) => {
    const [one, other] = await preparedNodes(t);
    await commitRecords(one, 1, write({ id: '14x1', values: { quantity: 0 } }));
    for (let version = 1; version <= 40; version++) {
      const unit = (quantity: number) => ({
        at: 2,
        records: [write({ id: '14x1', basedOn: version, values: { quantity } })],
        runs: [],
        dedup: undefined,
      });
      const results = await Promise.all([one.records.commit(unit(version)), other.records.commit(unit(-version))]);
      assert.deepEqual(results.map(({ kind }) => kind).toSorted(), ['committed', 'conflict']);
      const images = await Promise.all([one, other].map((node) => node.records.read(products, '14x1')));
      assert.deepEqual(images[0], images[1]);
      assert.equal(images[0]?.version, version + 1);
    }
    assert.equal((await other.records.history('14x1')).length, 41);
  });

  it('link a pair once, from whichever side, and none with a record that goes', async (t) => {
    const [one, other] = await preparedNodes(t);
    for (let round = 0; round < 20; round++) {
      const [a, b] = [`14x${2 * round + 1}`, `14x${2 * round + 2}`];
      await commitRecords(one, 1, write({ id: a }), write({ id: b }));
      const link = (source: string, target: string) => ({
        at: 2,
        records: [],
        runs: [],
        dedup: undefined,
        relations: [
          {
            kind: 'relate' as const,
            source: { module: 'Products', id: source },
            target: { module: 'Products', id: target },
            actor: { user: '19x1' },
          },
        ],
      });
      const linked = await Promise.all([one.records.commit(link(a, b)), other.records.commit(link(b, a))]);
      assert.deepEqual(linked.map(({ kind }) => kind).toSorted(), ['committed', 'conflict']);
      const c = `14x${1000 + round}`;
      await commitRecords(one, 1, write({ id: c }));
      const deletion = { ...link(a, c), relations: [], records: [write({ id: a, basedOn: 1, kind: 'delete' })] };
      await Promise.all([one.records.commit(deletion), other.records.commit(link(a, c))]);
      assert.deepEqual([await one.records.linked(a, b), await other.records.linked(a, c)], [false, false]);
    }
  });
});

describe('searches on PostgreSQL', () => {
  it('are stopped when they take too long, and leave the connection usable', async (t) => {
    const url = await newDatabase();
    const searches = new PostgresDatabase({ url, connections: 1, statementTimeoutMs: 50 });
    t.after(async () => {
      await searches.close();
      await giveBack(url);
    });
    const slow = { sql: 'SELECT pg_sleep(60) AS c0', values: [] };
    await assert.rejects(search(searches, slow), { code: 'STORE_QUERY_INVALID' });
    assert.deepEqual(await search(searches, { sql: `SELECT ?::text || '?' AS c0`, values: ['a'] }), [['a?']]);
  });

  it('are refused when they hold more than the server takes', async (t) => {
    const [store] = await preparedNodes(t);
    const parts = Array.from({ length: 40_000 }, (_, index) => where('version', String(index)));
    const condition: QueryCondition = { kind: 'or', parts };
    await assert.rejects(store.records.query(products, query({ where: condition })), { code: 'STORE_QUERY_INVALID' });
  });
});
