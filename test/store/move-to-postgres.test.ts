import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { StoredDocument } from '../../src/core/document-store.ts';
import type { ModuleDefinition } from '../../src/core/module.ts';
import { moveToPostgres } from '../../src/store/move/move-to-postgres.ts';
import type { MovedTable } from '../../src/store/move/move-to-postgres.ts';
import type { Store } from '../../src/store/store.ts';
import { commitRecords, field, products, query, write } from '../contract/sample-records.ts';
import { acceptOne, claimOne, intent, outcome, sampleRun, settlement } from '../contract/sample-runs.ts';
import { dropDatabase, emptyDatabase, giveBack, newDatabase, statement } from './postgres-cluster.ts';
import { openOn } from './postgres-install.ts';
import { openAt, temporaryFolder, testKey } from './sqlite-install.ts';

const NUL = 'a\u0000b';
const LONG = `${NUL}${'long '.repeat(8000)}`;
const SOURCE = 'https://crm.example.com/webservice.php';
/** A column, and a table, that no document in force names any more. */
const before: ModuleDefinition = { ...products, fields: [...products.fields, field('gone', 'boolean')] };
const orders: ModuleDefinition = {
  ...products,
  name: 'Orders',
  prefix: '40',
  fields: [field('productname', 'string')],
};

function documentOf(module: ModuleDefinition): StoredDocument {
  return { kind: 'module', name: module.name, file: `${module.name}.xml`, text: JSON.stringify(module) };
}

function modulesOf(documents: readonly StoredDocument[]): ModuleDefinition[] {
  return documents.map(({ text }): ModuleDefinition => JSON.parse(text));
}

/** Something of everything that an install keeps. */
async function fill(store: Store): Promise<void> {
  await store.records.prepareModules([before, orders]);
  const first = { documents: [before, orders].map(documentOf), by: 'anna', at: 1, basedOn: 0 };
  await store.documents.save(first);
  await store.documents.save({ ...first, documents: [documentOf(products)], at: 2, basedOn: 1 });
  const values = { productname: 'Bolt "M8" \\ & Söhne 螺栓 🔩', unit_price: 0.1, quantity: -3, active: true };
  const old = { ...write({ id: '14x1', values }), values: { ...write({ id: '14x1', values }).values, gone: true } };
  await commitRecords(store, 10, old);
  await commitRecords(store, 11, write({ id: '14x1', basedOn: 1, values: { ...values, unit_price: 1e300 } }));
  await commitRecords(store, 12, write({ id: '14x2' }), { ...write({ id: '40x3' }), module: 'Orders', values: {} });
  await commitRecords(store, 13, write({ id: '14x2', basedOn: 1, kind: 'delete' }));
  await store.settings.set('head_office_url', 'https://example.com');
  await store.secrets.set({ name: 'key', value: 'geheim', at: 3, by: 'anna' });
  await people(store);
  await runs(store);
  await store.messages.send({ channel: NUL, text: NUL, key: 'x'.repeat(9000), expiresAt: 100 });
  await store.messages.send({ channel: 'c', text: 'taken', key: 'k', expiresAt: 100 });
  await store.messages.take({ channel: 'c', key: 'taker', at: 1 });
  const operation = { user: '19x1', operation: 'create', parameters: { a: NUL }, dueAt: 5 };
  for (const id of ['waits', 'done']) await store.operations.add({ ...operation, id });
  await store.operations.finish({ id: 'done', answer: { b: 1 }, now: 6, keptUntil: 99 });
  await store.imports.save({
    source: SOURCE,
    identities: [['11x1', '14x1']],
    pending: [{ record: '14x1', field: 'account', remote: '11x9' }],
  });
}

async function people({ identities }: Store): Promise<void> {
  for (const name of ['anna', 'bert']) await identities.addUser({ name, admin: true, accessKey: `of ${name}`, at: 4 });
  for (const name of ['gone', 'sales']) await identities.addGroup({ name, description: 'x', at: 5 });
  await identities.removeGroup('20x1');
  await identities.addMember({ group: '20x2', user: '19x2' });
  await identities.addUnit({ name: 'north', description: '', parent: undefined, at: 5 });
  await identities.addUnitMember({ unit: 'north', user: '19x2' });
  await identities.openSession({ name: 'session', user: '19x1', at: 6 });
  await identities.addChallenge('19x1', { token: 't', issuedAt: 6, expiresAt: 9 });
}

async function runs(store: Store): Promise<void> {
  const dedup = { scope: 's', key: 'k', bodyHash: 'h', answer: { n: 1 }, expiresAt: 10 ** 12 };
  await store.records.commit({ at: 20, records: [], runs: [sampleRun({ lane: 'other' })], dedup });
  const lease = await claimOne(store, 21, await acceptOne(store, 20));
  const notices = [{ user: '19x1', text: 'told', run: lease.run.id, task: 'x', recordId: '14x1' }];
  const unit = { at: 22, records: [], runs: [], dedup: undefined, notices };
  await store.journal.settle(lease, settlement(22, { unit, begin: intent(1), keys: { order: 'SO-1' } }));
  await store.journal.settle(
    lease,
    settlement(23, { outcomes: [outcome(1)], begin: intent(2), context: { long: LONG, short: NUL } }),
  );
}

/** All of it, as it is read. */
async function facts(store: Store): Promise<unknown> {
  const { records, journal, documents, identities, operations, imports } = store;
  const all = await journal.runs({ limit: 100 });
  return {
    products: await records.query(before, query()),
    orders: await records.query(orders, query({ module: 'Orders' })),
    histories: await Promise.all(['14x1', '14x2', '40x3'].map((id) => records.history(id))),
    dedup: await records.findDedup({ scope: 's', key: 'k', now: 30 }),
    runs: all,
    found: await journal.runs({ limit: 9, key: { name: 'order', value: 'SO-1' } }),
    steps: await Promise.all(all.map(({ id }) => journal.steps(id))),
    counts: await journal.counts(),
    revisions: await Promise.all([1, 2].map((number) => documents.revision(number))),
    settings: await store.settings.all(),
    secrets: [await store.secrets.list(), await store.secrets.get('key')],
    users: [await identities.users(), await identities.accessKey('19x2')],
    groups: [await identities.groups(), await identities.units()],
    sessions: [await identities.session('session'), await identities.challenges({ user: '19x1', since: 0 })],
    notifications: await store.notifications.notifications({ unreadOnly: true, limit: 9 }),
    operations: [await operations.result('done'), await operations.due({ now: 10, limit: 9 })],
    imports: [
      await imports.identities(SOURCE, ['11x1']),
      await imports.pending({ source: SOURCE, after: undefined, limit: 9 }),
    ],
    installId: store.installId,
  };
}

/** A filled install on SQLite, what is in it, and an empty database. */
async function ready(t: TestContext) {
  const folder = await temporaryFolder();
  const url = await emptyDatabase();
  t.after(async () => {
    await dropDatabase(url);
    await rm(folder, { recursive: true });
  });
  const store = await openAt(folder);
  await fill(store);
  const held = await facts(store);
  await store.close();
  const tables: MovedTable[] = [];
  const params = {
    folder,
    url,
    key: testKey,
    place: 'db.example/mapwright',
    now: 50,
    modulesOf,
    onTable: (table: MovedTable) => void tables.push(table),
  };
  return { folder, url, held, tables, params };
}

describe('moving an install to PostgreSQL', () => {
  it('takes everything along, and numbers go on where they were', async (t) => {
    const { url, held, tables, params } = await ready(t);
    assert.deepEqual(await moveToPostgres(params), tables);
    const rows = new Map(tables.map(({ name, rows }) => [name, rows]));
    for (const name of ['m_Products', 'm_Orders', 'runs', 'steps', 'blobs', 'sessions', 'record_history']) {
      assert.ok((rows.get(name) ?? 0) > 0, `${name} was empty`);
    }
    const store = await openOn(url);
    assert.deepEqual(await facts(store), held);
    await store.records.prepareModules([products, orders]);
    assert.equal(await store.records.allocateNumber(), 4);
    assert.equal(await acceptOne(store, 60, { lane: 'new' }), 3);
    assert.equal((await store.identities.addGroup({ name: 'new', description: '', at: 1 })).id, '20x3');
    assert.equal(await store.messages.take({ channel: NUL, key: 'k2', at: 50 }), NUL);
    assert.equal(await store.messages.take({ channel: 'c', key: 'taker', at: 50 }), 'taken');
    const again = { channel: 'c', text: 'again', key: 'x'.repeat(9000), expiresAt: 100 };
    assert.equal(await store.messages.send(again), false);
    await store.close();
  });

  it('leaves a folder that is opened no more, and is safe to give again', async (t) => {
    const { folder, url, params } = await ready(t);
    await moveToPostgres(params);
    await assert.rejects(openAt(folder), { code: 'STORE_MOVED' });
    assert.equal(await moveToPostgres(params), undefined);
    // Killed between the commit and the end, the mark is there; without it the move is known all the same.
    await rm(join(folder, 'mapwright.moved'));
    assert.equal(await moveToPostgres(params), undefined);
    await assert.rejects(openAt(folder), { code: 'STORE_MOVED' });
    const [rows] = await statement(url, 'SELECT count(*)::integer AS count FROM runs');
    assert.deepEqual(rows, { count: 2 });
  });

  it('goes on after it was killed in the middle', async (t) => {
    const { folder, url, held, params } = await ready(t);
    const died = new Error('died');
    const dying = moveToPostgres({
      ...params,
      onTable: ({ name }) => {
        if (name === 'runs') throw died;
      },
    });
    await assert.rejects(dying);
    assert.equal(existsSync(join(folder, 'mapwright.moved')), false);
    const [left] = await statement(url, 'SELECT count(*)::integer AS count FROM install');
    assert.deepEqual(left, { count: 0 });
    await moveToPostgres(params);
    const store = await openOn(url);
    assert.deepEqual(await facts(store), held);
    await store.close();
  });

  it('refuses a database with another install, another key, and a folder in use', async (t) => {
    const { folder, params } = await ready(t);
    const taken = await newDatabase();
    const other = await openOn(taken);
    t.after(() => giveBack(taken));
    await other.close();
    await assert.rejects(moveToPostgres({ ...params, url: taken }), { code: 'STORE_NOT_EMPTY' });
    await assert.rejects(moveToPostgres({ ...params, key: createHash('sha256').digest() }), {
      code: 'SECRET_UNREADABLE',
    });
    const owner = await openAt(folder);
    await assert.rejects(moveToPostgres(params), { code: 'STORE_LOCKED' });
    await owner.close();
  });

  it('is undone when what stands there is not what was written', async (t) => {
    const { folder, url, params } = await ready(t);
    await (await openOn(url)).close();
    await statement(url, 'DELETE FROM install');
    await statement(url, 'CREATE RULE quietly AS ON INSERT TO settings DO INSTEAD NOTHING');
    await assert.rejects(moveToPostgres(params), { code: 'STORE_COPY_DIFFERS' });
    const [left] = await statement(url, 'SELECT count(*)::integer AS count FROM runs');
    assert.deepEqual(left, { count: 0 });
    await (await openAt(folder)).close();
  });
});
