import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import Database from 'better-sqlite3';
import type { RunFilter } from '../../src/core/journal.ts';
import { pageOf } from '../../src/store/run-page.ts';
import { RUN_TABLES } from '../../src/store/sqlite/run-listing.ts';
import { openAt, temporaryFolder } from './sqlite-install.ts';

/** An empty install's database, for asking how statements would be run. */
async function emptyDatabase(t: TestContext): Promise<Database.Database> {
  const folder = await temporaryFolder();
  await (await openAt(folder)).close();
  const db = new Database(join(folder, 'mapwright.db'), { readonly: true });
  t.after(async () => {
    db.close();
    await rm(folder, { recursive: true });
  });
  return db;
}

function planOf(db: Database.Database, filter: RunFilter): string {
  const { sql, values } = pageOf(filter, RUN_TABLES);
  const steps = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
  return steps.map(({ detail }) => detail).join('\n');
}

describe('looking for the few runs among many', () => {
  const cases: readonly (readonly [RunFilter, string])[] = [
    [{ limit: 20, status: ['failed'] }, 'runs_unsuccessful'],
    [{ limit: 20, status: ['failed', 'canceled'], workflow: 'w', before: 9 }, 'runs_unsuccessful'],
    [{ limit: 20, status: ['pending', 'running'] }, 'runs_lane'],
    [{ limit: 20, waiting: true }, 'runs_lane'],
    [{ limit: 20, status: ['failed'], recordId: '14x1' }, 'runs_record'],
  ];
  for (const [filter, index] of cases) {
    it(`looks through ${index} alone: ${JSON.stringify(filter)}`, async (t) => {
      const plan = planOf(await emptyDatabase(t), filter);
      assert.match(plan, new RegExp(`USING INDEX ${index}`, 'u'));
    });
  }
});

describe('looking for runs by a business key', () => {
  for (const key of [{ value: 'SO-17' }, { name: 'order', value: 'SO-17' }]) {
    it(`reads the index of keys and the runs found, nothing else: ${JSON.stringify(key)}`, async (t) => {
      const plan = planOf(await emptyDatabase(t), { key, limit: 20, status: ['failed'], workflow: 'w' });
      assert.match(plan, /SEARCH run_keys USING COVERING INDEX run_keys_value/u);
      assert.match(plan, /SEARCH runs USING (?:INTEGER PRIMARY KEY|INDEX)/u);
      assert.doesNotMatch(plan, /SCAN (?:runs|run_keys)/u);
    });
  }
});
