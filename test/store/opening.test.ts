import assert from 'node:assert/strict';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import Database from 'better-sqlite3';
import { openSqliteReader } from '../../src/store/sqlite/sqlite-reader.ts';
import { commitRecords, products, query, write } from '../contract/sample-records.ts';
import { accept, sampleRun } from '../contract/sample-runs.ts';
import { openAt, temporaryFolder } from './sqlite-install.ts';

describe('opening an install', () => {
  it('is for one process at a time', async (context) => {
    const folder = await ownFolder(context);
    const store = await openAt(folder);
    await assert.rejects(openAt(folder), (error: Error & { code?: string; hint?: string }) => {
      assert.equal(error.code, 'STORE_LOCKED');
      assert.match(error.hint ?? '', new RegExp(`\\b${process.pid}\\b`, 'u'));
      return true;
    });
    await store.close();
    await (await openAt(folder)).close();
  });

  it('closes once, and answers nothing afterwards', async (context) => {
    const store = await openAt(await ownFolder(context));
    await Promise.all([store.close(), store.close()]);
    const closed = { code: 'STORE_UNAVAILABLE' };
    await assert.rejects(store.settings.set('a', 'b'), closed);
    await assert.rejects(store.journal.run(1), closed);
    await assert.rejects(store.journal.runs({ limit: 1 }), closed);
  });

  it('refuses the database of a newer version', async (context) => {
    const folder = await ownFolder(context);
    await (await openAt(folder)).close();
    const db = new Database(join(folder, 'mapwright.db'));
    db.exec("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('x', 99999999999999)");
    db.close();
    await assert.rejects(openAt(folder), { code: 'STORE_NEWER' });
    await assert.rejects(openSqliteReader(folder), { code: 'STORE_NEWER' });
  });

  it('refuses the database of another program, and leaves it alone', async (context) => {
    const folder = await ownFolder(context);
    const db = new Database(join(folder, 'mapwright.db'));
    db.exec('CREATE TABLE theirs (x)');
    await assert.rejects(openAt(folder), { code: 'STORE_UNAVAILABLE' });
    assert.equal(db.prepare('SELECT count(*) AS n FROM sqlite_schema').pluck().get(), 1);
    db.close();
  });

  it('says what is wrong with a file or folder that cannot be used', async (context) => {
    const folder = await ownFolder(context);
    const unavailable = (error: Error & { code?: string; hint?: string }) =>
      error.code === 'STORE_UNAVAILABLE' && error.hint !== undefined;
    await assert.rejects(openSqliteReader(folder), unavailable);
    await writeFile(join(folder, 'mapwright.db'), 'x'.repeat(5000));
    await assert.rejects(openAt(folder), unavailable);
    await mkdir(join(folder, 'b', 'mapwright.db'), { recursive: true });
    await assert.rejects(openAt(join(folder, 'b')), unavailable);
    await assert.rejects(openAt(join(folder, 'mapwright.db')), unavailable);
  });

  it('makes what only its owner may read', async (context) => {
    const folder = join(await ownFolder(context), 'new', 'folder');
    const store = await openAt(folder);
    for (const [path, mode] of [
      [folder, 0o700],
      [join(folder, 'mapwright.db'), 0o600],
    ] as const) {
      assert.equal((await stat(path)).mode & 0o777, mode);
    }
    await store.close();
  });

  it('asks for a key of 32 bytes', async (context) => {
    const folder = await ownFolder(context);
    await assert.rejects(openAt(folder, new Uint8Array(16)), { code: 'KEY_INVALID' });
  });

  it('reads no secret under another key', async (context) => {
    const folder = await ownFolder(context);
    const store = await openAt(folder);
    await store.secrets.set({ name: 'a', value: 'x', at: 1, by: '19x1' });
    const sealed = store.sealer.seal('x');
    await store.close();
    const other = await openAt(folder, new Uint8Array(32).fill(8));
    await assert.rejects(other.secrets.get('a'), { code: 'SECRET_UNREADABLE' });
    assert.throws(() => other.sealer.open(sealed), { code: 'SECRET_UNREADABLE' });
    await other.close();
  });

  it('opens no secret under the name of another', async (context) => {
    const folder = await ownFolder(context);
    const store = await openAt(folder);
    await store.secrets.set({ name: 'a', value: 'x', at: 1, by: '19x1' });
    await store.close();
    const db = new Database(join(folder, 'mapwright.db'));
    db.exec("UPDATE secrets SET name = 'b'");
    db.close();
    const again = await openAt(folder);
    await assert.rejects(again.secrets.get('b'), { code: 'SECRET_UNREADABLE' });
    await again.close();
  });

  it('lets others look while its owner runs', async (context) => {
    const folder = await ownFolder(context);
    const store = await openAt(folder);
    await store.records.prepareModules([products]);
    const reader = await openSqliteReader(folder);
    assert.equal(reader.installId, store.installId);
    await commitRecords(store, 1, write({ id: '14x1', values: { productname: 'Bolt' } }));
    const [run = 0] = await accept(store, 2, sampleRun());
    await store.settings.set('a', 'b');
    assert.deepEqual(await reader.records.read(products, '14x1'), await store.records.read(products, '14x1'));
    assert.equal((await reader.records.query(products, query())).length, 1);
    assert.equal(await reader.records.count(products, query()), 1);
    assert.equal((await reader.records.history('14x1')).length, 1);
    assert.deepEqual(await reader.journal.run(run), await store.journal.run(run));
    assert.equal((await reader.journal.runs({ limit: 9 })).length, 1);
    assert.equal((await reader.journal.counts()).pending, 1);
    assert.deepEqual(await reader.settings.all(), { a: 'b' });
    assert.equal(await reader.documents.head(), 0);
    await store.close();
    assert.equal((await reader.journal.counts()).pending, 1);
    await reader.close();
  });

  it('writes every intervention to the audit', async (context) => {
    const folder = await ownFolder(context);
    const store = await openAt(folder);
    const [run = 0] = await accept(store, 2, sampleRun());
    await store.journal.intervene({ kind: 'retry', run, by: '19x1', at: 3 });
    await store.journal.intervene({ kind: 'cancel', run, by: '19x2', at: 4, reason: 'why' });
    await store.close();
    const db = new Database(join(folder, 'mapwright.db'), { readonly: true });
    assert.deepEqual(db.prepare('SELECT at, by, action, run, reason, took_effect FROM audit').raw().all(), [
      [3, '19x1', 'retry', run, null, 0],
      [4, '19x2', 'cancel', run, 'why', 1],
    ]);
    db.close();
  });
});

async function ownFolder(context: TestContext): Promise<string> {
  const folder = await temporaryFolder();
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}
