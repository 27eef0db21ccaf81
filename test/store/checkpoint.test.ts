import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';

/** Far fewer than would make the committing connection checkpoint by itself. */
const MOST_COMMITS = 3_000;

it('moves commits into the database while the install runs, and a store opened later has them', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-checkpoint-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const params = { folder, key: randomBytes(32), ids: { next: () => randomUUID() } };
  const store = await openSqliteStore(params);
  const file = join(folder, 'mapwright.db');
  const before = (await stat(file)).size;
  let written = 0;
  // One by one, so that each is a transaction of its own.
  while ((await stat(file)).size < before + 100_000) {
    assert.ok(written < MOST_COMMITS, 'nothing was moved into the database');
    await store.settings.set(`setting-${written++}`, 'x'.repeat(2_000));
    await pause(2);
  }
  await store.close();
  const again = await openSqliteStore(params);
  assert.equal(Object.keys(await again.settings.all()).length, written);
  await again.close();
});
