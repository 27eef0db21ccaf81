import assert from 'node:assert/strict';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Database from 'better-sqlite3';
import type { RetentionHold } from '../../src/core/retention-store.ts';
import { endedRun, longText } from '../contract/ended-runs.ts';
import { openAt, temporaryFolder } from './sqlite-install.ts';

const HOLD: RetentionHold = { holder: 'a', now: 1_000, leaseMs: 100 };
const RUNS_OF_A_ROUND = 40;
/** What the log may hold before the connection that commits moves it itself, with what the transaction after that writes. */
const MOST_LOG_BYTES = (64 + 8) * 1024 * 1024;

async function pages(folder: string): Promise<{ readonly all: number; readonly free: number }> {
  const db = new Database(join(folder, 'mapwright.db'), { readonly: true });
  const all = Number(db.pragma('page_count', { simple: true }));
  const free = Number(db.pragma('freelist_count', { simple: true }));
  db.close();
  return { all, free };
}

describe('the file of an install on SQLite', () => {
  it('grows no more once as much is removed as is written: free pages are used again', async (context) => {
    const folder = await temporaryFolder();
    const store = await openAt(folder);
    context.after(async () => {
      await store.close();
      await rm(folder, { recursive: true });
    });
    assert.equal(await store.retention.hold(HOLD), true);
    const round = async (number: number): Promise<void> => {
      const runs: number[] = [];
      for (let one = 0; one < RUNS_OF_A_ROUND; one++) {
        const text = longText(`round ${number} run ${one}`);
        runs.push(
          await endedRun(store, { at: 10, context: { text, same: longText('same') }, keys: { order: 'SO-1' } }),
        );
      }
      assert.equal(await store.retention.take(HOLD, runs), RUNS_OF_A_ROUND);
      while (((await store.retention.clear(HOLD, 480)) ?? 0) > 0);
    };
    for (let number = 0; number < 3; number++) await round(number);
    const before = await pages(folder);
    assert.ok(before.free > before.all / 2, 'what was removed is free');
    for (let number = 3; number < 12; number++) await round(number);
    const after = await pages(folder);
    assert.ok(after.all <= before.all * 1.1, `${before.all} pages became ${after.all}`);
    const { size } = await stat(join(folder, 'mapwright.db-wal'));
    assert.ok(size <= MOST_LOG_BYTES, `the log has ${size} bytes`);
  });
});
