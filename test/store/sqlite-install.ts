import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyRing } from '../../src/store/key/key-ring.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import type { KeyInstall } from '../contract/key-store-contract.ts';
import type { TestInstall } from '../contract/test-install.ts';
import { copyMadeDatabase } from './made-database.ts';
import { sqliteTexts } from './stored-texts.ts';

/** The key of all test installs. */
export const testKey = new Uint8Array(32).fill(7);

/** Opens the install in a folder with the test key. */
export function openAt(folder: string, key: Uint8Array | KeyRing = testKey): Promise<Store> {
  return openSqliteStore({ folder, key, ids: { next: () => randomUUID() } });
}

/** An empty folder, removed by the caller. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'mapwright-store-'));
}

/** An install on SQLite in a folder of its own. */
export async function sqliteInstall(): Promise<TestInstall> {
  const folder = await temporaryFolder();
  copyMadeDatabase(folder);
  return { open: () => openAt(folder), remove: () => rm(folder, { recursive: true }) };
}

/** The same, under keys of the test's own. */
export async function sqliteKeyInstall(): Promise<KeyInstall> {
  const folder = await temporaryFolder();
  return {
    open: (ring) => openAt(folder, ring),
    texts: async () => sqliteTexts(folder),
    remove: () => rm(folder, { recursive: true }),
  };
}
