import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Store } from '../../src/store/store.ts';
import { KeyRing } from '../../src/store/key/key-ring.ts';
import { DatabaseClock, serverTime } from '../../src/store/postgres/database-clock.ts';
import { PostgresDatabase } from '../../src/store/postgres/database.ts';
import { holdsInstall } from '../../src/store/postgres/install-row.ts';
import { NodeRegistry } from '../../src/store/postgres/node-registry.ts';
import { openPostgresReader } from '../../src/store/postgres/postgres-reader.ts';
import { knownLevel, migrateStore } from '../../src/store/postgres/schema-version.ts';
import { commitRecords, products, write } from '../contract/sample-records.ts';
import { dropDatabase, emptyDatabase, giveBack, newDatabase, statement } from './postgres-cluster.ts';
import { openOn } from './postgres-install.ts';
import { testKey } from './sqlite-install.ts';

/** The address of a database with nothing in it, removed after the test. */
async function empty(t: TestContext): Promise<string> {
  const url = await emptyDatabase();
  t.after(() => dropDatabase(url));
  return url;
}

/** The address of a database with the tables of an install, given back after the test. */
async function migrated(t: TestContext): Promise<string> {
  const url = await newDatabase();
  t.after(() => giveBack(url));
  return url;
}

describe('opening an install on PostgreSQL', () => {
  it('makes it in an empty database, once for all who open it at the same time', async (t) => {
    const url = await empty(t);
    assert.equal(await holdsInstall(url), false);
    const stores = await Promise.all([openOn(url), openOn(url), openOn(url)]);
    assert.equal(new Set(stores.map(({ installId }) => installId)).size, 1);
    for (const store of stores) await store.close();
    assert.equal(await holdsInstall(url), true);
    assert.deepEqual(await migrateStore({ url, now: 1 }), { from: knownLevel(), to: knownLevel() });
  });

  it('keeps to the schema that the connection names', async (t) => {
    const url = await empty(t);
    await statement(url, 'CREATE SCHEMA mapwright');
    const own = new URL(url);
    own.searchParams.set('options', '-c search_path=mapwright');
    const store = await openOn(own.href);
    await store.settings.set('a', '1');
    await store.close();
    const tables = await statement(url, "SELECT schemaname FROM pg_tables WHERE tablename IN ('settings', 'runs')");
    assert.deepEqual(tables, [{ schemaname: 'mapwright' }, { schemaname: 'mapwright' }]);
  });

  it('never mixes tables of two installs that a search path names', async (t) => {
    const url = await empty(t);
    const main = await openOn(url);
    await main.records.prepareModules([products]);
    await statement(url, 'CREATE SCHEMA first');
    const along = (path: string): string => {
      const named = new URL(url);
      named.searchParams.set('options', `-c search_path=${path}`);
      return named.href;
    };
    const own = await openOn(along('first'));
    const both = await openOn(along('first,public'));
    // The later schema alone has an install: it is that one's, tables that come later included.
    const late = await openOn(along('second,public'));
    assert.equal(both.installId, own.installId);
    assert.notEqual(own.installId, main.installId);
    assert.equal(late.installId, main.installId);
    await statement(url, 'CREATE SCHEMA second');
    await both.records.prepareModules([products]);
    await commitRecords(both, 1, write({ id: '14x1' }));
    assert.equal((await own.records.history('14x1')).length, 1);
    assert.equal((await main.records.history('14x1')).length, 0);
    const again = await openOn(along('second,public'));
    assert.equal(again.installId, main.installId);
    for (const store of [main, own, both, late, again]) await store.close();
    await assert.rejects(openOn(along('nowhere')), { code: 'STORE_UNAVAILABLE', retryable: false });
  });

  it("leaves another program's database alone", async (t) => {
    const url = await empty(t);
    await statement(url, 'CREATE TABLE users (id integer)');
    await assert.rejects(openOn(url), { code: 'STORE_UNAVAILABLE' });
    assert.deepEqual(await statement(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"), [
      { tablename: 'users' },
    ]);
  });

  it('refuses a database that cannot hold every text', async (t) => {
    const url = await empty(t);
    const name = `${new URL(url).pathname.slice(1)}_latin`;
    await statement(url, `CREATE DATABASE ${name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
    const latin = new URL(url);
    latin.pathname = `/${name}`;
    t.after(() => dropDatabase(latin.href));
    await assert.rejects(openOn(latin.href), { code: 'STORE_UNAVAILABLE' });
  });

  it('goes by the least level that the database asks for', async (t) => {
    const url = await empty(t);
    await (await openOn(url)).close();
    const level = knownLevel();
    // A newer program has added something.
    await statement(url, `INSERT INTO schema_versions VALUES (${level + 1}, 'x', ${level}, 1)`);
    await (await openOn(url)).close();
    await (await openPostgresReader(url)).close();
    // A newer program has taken something away.
    await statement(url, `INSERT INTO schema_versions VALUES (${level + 2}, 'x', ${level + 1}, 1)`);
    const opening: readonly (() => Promise<unknown>)[] = [
      () => openOn(url),
      () => openPostgresReader(url),
      () => holdsInstall(url),
      () => migrateStore({ url, now: 1 }),
    ];
    for (const open of opening) await assert.rejects(open, { code: 'STORE_NEWER' });
  });

  it('is possible for reading where there is an install, and only there', async (t) => {
    const url = await migrated(t);
    await assert.rejects(openPostgresReader(url), { code: 'STORE_UNAVAILABLE' });
    const store = await openOn(url);
    await store.settings.set('a', '1');
    await store.secrets.set({ name: 's', value: 'x', at: 1, by: 'anna' });
    const reader = await openPostgresReader(url);
    assert.equal(reader.installId, store.installId);
    assert.deepEqual(await reader.settings.all(), { a: '1' });
    assert.deepEqual(await reader.secrets.list(), [{ name: 's', setAt: 1, setBy: 'anna' }]);
    await reader.close();
    await store.close();
  });
});

describe('a node', () => {
  const clock = { now: () => Date.now() };

  it('is among the nodes from joining to closing, and those not seen for long are forgotten', async (t) => {
    const url = await migrated(t);
    const store = await openOn(url);
    const names = async () => (await statement(url, 'SELECT name FROM nodes ORDER BY name')).map(({ name }) => name);
    await statement(url, "INSERT INTO nodes VALUES ('old', 'gone', '0', 1, 1, 1)");
    assert.deepEqual(await names(), ['gone']);
    await store.nodes.join({ name: 'here', version: '1.2.3', onOutdated: () => assert.fail() });
    assert.deepEqual(await names(), ['here']);
    await store.close();
    assert.deepEqual(await names(), []);
  });

  it('is told to end once the database asks for more than it knows', async (t) => {
    const url = await empty(t);
    await (await openOn(url)).close();
    const db = new PostgresDatabase({ url });
    const registry = new NodeRegistry({
      db,
      id: 'a',
      clock: new DatabaseClock({ own: clock, ask: () => serverTime(db) }),
      ring: new KeyRing([testKey]),
    });
    let told = 0;
    await registry.join({ name: 'here', version: '1', onOutdated: () => (told += 1) });
    assert.equal(told, 0);
    const level = knownLevel() + 1;
    await statement(url, `INSERT INTO schema_versions VALUES (${level}, 'x', ${level}, 1)`);
    await registry.beat();
    assert.equal(told, 1);
    await registry.close();
    await db.close();
  });
});

describe('nodes of one install', () => {
  async function two(t: TestContext): Promise<readonly [Store, Store]> {
    const url = await newDatabase();
    const stores = [await openOn(url), await openOn(url)] as const;
    t.after(async () => {
      for (const store of stores) await store.close();
      await giveBack(url);
    });
    return stores;
  }

  it('never give the same number, and rise', async (t) => {
    const stores = await two(t);
    const given = await Promise.all(
      stores.map(async (store) => {
        const numbers: number[] = [];
        for (let time = 0; time < 600; time++) numbers.push(await store.records.allocateNumber());
        return numbers;
      }),
    );
    assert.equal(new Set(given.flat()).size, 1200);
    for (const numbers of given) {
      assert.deepEqual(
        numbers,
        numbers.toSorted((a, b) => a - b),
      );
    }
  });

  it('give back the numbers that the last of them did not use', async (t) => {
    const url = await migrated(t);
    for (const first of [1, 2, 3]) {
      const store = await openOn(url);
      assert.equal(await store.records.allocateNumber(), first);
      await store.close();
    }
  });

  it('see settings, secrets and users of each other soon', async (t) => {
    const [one, other] = await two(t);
    assert.deepEqual(await other.settings.all(), {});
    assert.equal(await other.secrets.get('s'), undefined);
    await one.settings.set('a', '1');
    await one.secrets.set({ name: 's', value: 'x', at: 1, by: 'anna' });
    assert.deepEqual(await one.settings.all(), { a: '1' });
    assert.equal(await one.secrets.get('s'), 'x');
    const deadline = Date.now() + 30_000;
    while ((await other.settings.all())['a'] !== '1' || (await other.secrets.get('s')) !== 'x') {
      assert.ok(Date.now() < deadline, 'never seen');
      await new Promise((resolve) => void setTimeout(resolve, 20));
    }
  });

  it('change a setting one after another', async (t) => {
    const stores = await two(t);
    const changes = Array.from({ length: 20 }, (_, index) =>
      stores[index % 2]?.settings.change('count', (value) => String(Number(value ?? 0) + 1)),
    );
    await Promise.all(changes);
    assert.equal(await stores[0].settings.change('count', () => undefined), undefined);
    assert.deepEqual(await stores[0].settings.all(), { count: '20' });
  });

  it('add one user of a name, and always leave an administrator', async (t) => {
    const stores = await two(t);
    const add = (store: Store, name: string) => store.identities.addUser({ name, admin: true, accessKey: 'k', at: 1 });
    const added = await Promise.allSettled(stores.map((store) => add(store, 'anna')));
    assert.deepEqual(added.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    await add(stores[0], 'bert');
    const left = await Promise.allSettled([
      stores[0].identities.changeUser('19x1', { admin: false }),
      stores[1].identities.changeUser('19x2', { active: false }),
    ]);
    assert.deepEqual(left.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  });

  it('save one revision at a time', async (t) => {
    const stores = await two(t);
    const documents = [{ kind: 'map', name: 'a', file: 'a.xml', text: '<map/>' }];
    const saved = await Promise.all(
      stores.map((store) => store.documents.save({ documents, by: 'x', at: 1, basedOn: 0 })),
    );
    assert.deepEqual(saved.toSorted(), [1, undefined]);
  });

  it('take a message once', async (t) => {
    const stores = await two(t);
    for (const key of ['1', '2', '3', '4']) {
      await stores[0].messages.send({ channel: 'c', text: `${key}\u0000`, key, expiresAt: 100 });
    }
    const taken = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        stores[index % 2]?.messages.take({ channel: 'c', key: `k${index}`, at: 1 }),
      ),
    );
    assert.deepEqual(taken.toSorted(), ['1\u0000', '2\u0000', '3\u0000', '4\u0000', undefined, undefined]);
  });

  it('carry out the operations of one user on one node at a time, in their order', async (t) => {
    const [one, other] = await two(t);
    for (const [index, user] of ['19x1', '19x1', '19x2'].entries()) {
      const parameters = { index };
      await one.operations.add({ id: String(index), user, operation: 'create', parameters, dueAt: 10 + index });
    }
    const due = async ({ operations }: Store, now: number, limit = 10) =>
      (await operations.due({ now, limit })).map(({ id }) => id);
    assert.deepEqual(await due(one, 20, 1), ['0']);
    assert.deepEqual(await due(other, 20), ['2']);
    assert.deepEqual(await due(one, 20), ['0', '1']);
    await one.operations.finish({ id: '0', answer: {}, now: 20, keptUntil: 90 });
    assert.deepEqual(await due(other, 20), ['2']);
    await other.operations.finish({ id: '2', answer: {}, now: 20, keptUntil: 90 });
    const leaseEnds = (await other.operations.nextDue()) ?? assert.fail('nothing waits');
    assert.ok(leaseEnds > 20, 'it would look all the time');
    assert.deepEqual(await due(other, leaseEnds - 1), []);
    // The other node has died, or is closed.
    assert.deepEqual(await due(other, leaseEnds), ['1']);
  });

  it('hand back at their end what they have not carried out', async (t) => {
    const [one, other] = await two(t);
    await one.operations.add({ id: 'a', user: '19x1', operation: 'create', parameters: {}, dueAt: 10 });
    assert.equal((await one.operations.due({ now: 20, limit: 1 })).length, 1);
    assert.equal((await other.operations.due({ now: 20, limit: 1 })).length, 0);
    await one.close();
    assert.equal((await other.operations.due({ now: 20, limit: 1 })).length, 1);
  });
});
