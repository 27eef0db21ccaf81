import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import type { TestInstall } from '../contract/test-install.ts';

/** The key of all test installs. */
export const testKey = new Uint8Array(32).fill(7);

/** Opens the install in a folder with the test key. */
export function openAt(folder: string, key: Uint8Array = testKey): Promise<Store> {
  return openSqliteStore({ folder, key, ids: { next: () => randomUUID() } });
}

/** An empty folder, removed by the caller. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'mapwright-store-'));
}

/** An install on SQLite in a folder of its own. */
export async function sqliteInstall(): Promise<TestInstall> {
  const folder = await temporaryFolder();
  return { open: () => openAt(folder), remove: () => rm(folder, { recursive: true }) };
}
