import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Database from 'better-sqlite3';
import type { RetentionHold } from '../../src/core/retention-store.ts';
import { emptyUnit } from '../../src/core/unit-of-work.ts';
import { PostgresDatabase } from '../../src/store/postgres/database.ts';
import type { Store } from '../../src/store/store.ts';
import { endedRun, ending, longText } from '../contract/ended-runs.ts';
import { giveBack, newDatabase } from './postgres-cluster.ts';
import { openOn } from './postgres-install.ts';
import { openAt, temporaryFolder } from './sqlite-install.ts';

const HOLD: RetentionHold = { holder: 'a', now: 1_000, leaseMs: 100 };

/** Tables that keep something of runs that were removed, on purpose. */
const STAYS = new Set(['audit', 'record_history', 'first_true', 'inbox_job_items']);

/** Runs with everything that can hang on one, removed. */
async function removeRuns(store: Store): Promise<void> {
  const failure = { code: 'X', message: 'm' };
  const then = ending('failed', { failure });
  const runs: number[] = [];
  for (let one = 0; one < 5; one++) {
    const run = await endedRun(store, {
      at: 10,
      then,
      context: { text: longText(`run ${one}`) },
      keys: { order: 'SO-1' },
    });
    const mark = { from: ['open'], state: 'ignored' } as const;
    await store.journal.intervene({ kind: 'mark', action: 'ignore', run, by: 'anna', at: 20, mark });
    const notice = { user: '19x1', text: 'told', run, task: 't', recordId: undefined };
    const mail = { way: 'mail', to: '19x1', cause: `c${one}`, run, task: 't', content: {} } as const;
    await store.records.commit({ ...emptyUnit(11), notices: [notice], deliveries: [mail] });
    const batch = await store.deliveries.claim({ now: 12, leaseMs: 5, perHour: 9 });
    await store.deliveries.settle({ batch: batch?.id ?? 0, at: 13, outcome: { kind: 'sent' } });
    runs.push(run);
  }
  assert.equal(await store.retention.hold(HOLD), true);
  assert.equal(await store.retention.take(HOLD, runs), 5);
  // Small enough that no table is cleared at once.
  while (((await store.retention.clear(HOLD, 3)) ?? 0) > 0);
}

describe('runs that were removed leave no row behind', () => {
  it('in any table of SQLite that names runs', async (context) => {
    const folder = await temporaryFolder();
    const store = await openAt(folder);
    context.after(() => rm(folder, { recursive: true }));
    await removeRuns(store);
    await store.close();
    const db = new Database(join(folder, 'mapwright.db'), { readonly: true });
    context.after(() => db.close());
    const tables = db
      .prepare<[], { name: string }>(
        `SELECT name FROM sqlite_schema WHERE type = 'table' AND (name IN ('runs', 'blobs')
           OR EXISTS (SELECT 1 FROM pragma_table_info(sqlite_schema.name) WHERE name = 'run'))`,
      )
      .all()
      .map(({ name }) => name);
    assert.ok(tables.length > 8);
    const rows = (table: string) =>
      db.prepare<[], { rows: number }>(`SELECT count(*) AS rows FROM ${table}`).get()?.rows;
    for (const table of tables) if (!STAYS.has(table)) assert.equal(rows(table), 0, table);
  });

  it('in any table of PostgreSQL that names runs', async (context) => {
    const url = await newDatabase();
    const store = await openOn(url);
    const db = new PostgresDatabase({ url, connections: 1 });
    context.after(async () => {
      await store.close();
      await db.close();
      await giveBack(url);
    });
    await removeRuns(store);
    const tables = await db.all<{ name: string }>(
      `SELECT DISTINCT table_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND (column_name = 'run' OR table_name IN ('runs', 'blobs'))`,
    );
    assert.ok(tables.length > 8);
    for (const { name } of tables) {
      if (STAYS.has(name)) continue;
      const [row] = await db.all<{ rows: number }>(`SELECT count(*) AS rows FROM "${name}"`);
      assert.equal(row?.rows, 0, name);
    }
  });
});

describe('a long text on PostgreSQL', () => {
  it('that is stored again while it is being removed is there afterwards', async (context) => {
    const url = await newDatabase();
    const [writer, remover] = await Promise.all([openOn(url), openOn(url)]);
    context.after(async () => {
      await Promise.all([writer.close(), remover.close()]);
      await giveBack(url);
    });
    assert.equal(await remover.retention.hold(HOLD), true);
    const kept = { text: longText('shared') };
    let gone = await endedRun(writer, { at: 10, context: kept });
    for (let one = 0; one < 20; one++) {
      assert.equal(await remover.retention.take(HOLD, [gone]), 1);
      const clearing = (async () => {
        while (((await remover.retention.clear(HOLD, 480)) ?? 0) > 0);
      })();
      const [next] = await Promise.all([endedRun(writer, { at: 10, context: kept }), clearing]);
      assert.deepEqual((await writer.journal.run(next))?.context, kept);
      gone = next;
    }
  });
});
