import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { minus } from '../../src/store/ended-counts.ts';
import { moveToPostgres } from '../../src/store/move/move-to-postgres.ts';
import { PostgresDatabase } from '../../src/store/postgres/database.ts';
import { addEndedCounts } from '../../src/store/postgres/run-counts.ts';
import type { Store } from '../../src/store/store.ts';
import { acceptOne, claimOne, completed, settleThen } from '../contract/sample-runs.ts';
import { dropDatabase, emptyDatabase, giveBack, newDatabase, statement } from './postgres-cluster.ts';
import { openOn } from './postgres-install.ts';
import { openAt, temporaryFolder, testKey } from './sqlite-install.ts';

const CHILD = fileURLToPath(new URL('./history-child.ts', import.meta.url));

/** What counting comes to; the word by which each number is asked for is that of `counts()`. */
const COUNTED = `SELECT count(*) AS "all", count(CASE WHEN status = 'pending' THEN 1 END) AS pending,
    count(CASE WHEN status = 'running' THEN 1 END) AS running, count(CASE WHEN status = 'completed' THEN 1 END) AS completed,
    count(CASE WHEN status = 'failed' THEN 1 END) AS failed, count(CASE WHEN status = 'canceled' THEN 1 END) AS canceled,
    count(CASE WHEN ended_at IS NULL AND wait_for IS NOT NULL THEN 1 END) AS waiting,
    count(CASE WHEN ended_at IS NOT NULL AND handled = 1 THEN 1 END) AS handled
  FROM runs WHERE id NOT IN (SELECT run FROM removed_runs)`;

async function assertCounts(store: Store, row: Readonly<Record<string, unknown>> | undefined): Promise<number> {
  const counted = Object.fromEntries(Object.entries(row ?? {}).map(([name, count]) => [name, Number(count)]));
  const { all = 0, ...each } = counted;
  assert.deepEqual({ ...(await store.journal.counts()) }, each);
  return all;
}

/** Processes that make a history until they are killed, at any moment after they have begun. */
async function killBusy(place: string, processes: number): Promise<void> {
  const one = async (number: number): Promise<void> => {
    const victim = spawn(process.execPath, [CHILD, place, `child-${number}`], { stdio: ['ignore', 'pipe', 'inherit'] });
    victim.stdout.once('data', () => setTimeout(() => victim.kill('SIGKILL'), Math.random() * 100));
    const signal = await new Promise((resolve) => victim.on('close', (_code, by) => resolve(by)));
    assert.equal(signal, 'SIGKILL');
  };
  await Promise.all(Array.from({ length: processes }, (_, number) => one(number)));
}

describe('how many runs there are of each status', () => {
  it('is what counting them comes to on SQLite, and after the move to PostgreSQL', async (context) => {
    const folder = await temporaryFolder();
    context.after(() => rm(folder, { recursive: true }));
    for (let kill = 0; kill < 3; kill++) {
      await killBusy(folder, 1);
      const store = await openAt(folder);
      assert.ok((await assertCounts(store, countedAt(folder))) > 20);
      await store.journal.takeOver({ owner: 'test', now: Date.now() });
      await store.close();
    }
    const url = await emptyDatabase();
    context.after(() => dropDatabase(url));
    await moveToPostgres({
      folder,
      key: testKey,
      url,
      place: url,
      now: 1,
      modulesOf: () => [],
      onTable: () => undefined,
    });
    const store = await openOn(url);
    context.after(() => store.close());
    await assertCounts(store, (await statement(url, COUNTED))[0]);
    const before = await store.journal.counts();
    const lease = await claimOne(store, Date.now(), await acceptOne(store, 1, { lane: '' }));
    await settleThen(store, { lease, at: 2, then: completed });
    assert.equal((await store.journal.counts()).completed, before.completed + 1);
    await assertCounts(store, (await statement(url, COUNTED))[0]);
  });

  it('is what counting them comes to on PostgreSQL, with three nodes that are killed', async (context) => {
    const url = await newDatabase();
    context.after(() => giveBack(url));
    const store = await openOn(url);
    context.after(() => store.close());
    for (let kill = 0; kill < 2; kill++) {
      await killBusy(url, 3);
      await quiet(url);
      assert.ok((await assertCounts(store, (await statement(url, COUNTED))[0])) > 60);
    }
  });

  it('is kept in few rows on PostgreSQL, however many transactions end runs at once', async (context) => {
    const url = await newDatabase();
    const db = new PostgresDatabase({ url, connections: 8 });
    context.after(async () => {
      await db.close();
      await giveBack(url);
    });
    const one = { completed: 3, failed: 2, canceled: 1, handled: 1 };
    const add = async (): Promise<void> => {
      for (let count = 0; count < 100; count++) await db.transaction((session) => addEndedCounts(session, one));
    };
    await Promise.all(Array.from({ length: 8 }, add));
    await db.transaction((session) => addEndedCounts(session, minus(one)));
    const [row] = await statement(
      url,
      'SELECT count(*) AS rows, sum(completed) AS sum, sum(handled) AS handled FROM run_counts',
    );
    assert.deepEqual([Number(row?.['sum']), Number(row?.['handled'])], [3 * 799, 799]);
    assert.ok(Number(row?.['rows']) < 2 * 256, `${String(row?.['rows'])} rows`);
  });
});

function countedAt(folder: string): Record<string, unknown> | undefined {
  const db = new Database(join(folder, 'mapwright.db'), { readonly: true });
  try {
    return db.prepare<[], Record<string, unknown>>(COUNTED).get();
  } finally {
    db.close();
  }
}

/** The server may still be carrying out what the killed processes had sent. */
async function quiet(url: string): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    const [row] = await statement(
      url,
      `SELECT count(*)::int AS busy FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
         AND xact_start IS NOT NULL`,
    );
    if (row?.['busy'] === 0) return;
  }
  assert.fail('the server is busy for too long');
}
