import { randomUUID } from 'node:crypto';
import type { KeyRing } from '../../src/store/key/key-ring.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import type { Store } from '../../src/store/store.ts';
import type { KeyInstall } from '../contract/key-store-contract.ts';
import type { TestInstall } from '../contract/test-install.ts';
import { giveBack, newDatabase } from './postgres-cluster.ts';
import { testKey } from './sqlite-install.ts';
import { postgresTexts } from './stored-texts.ts';

/** Opens the install in a database with the test key, as a node of its own. */
export function openOn(url: string, key: Uint8Array | KeyRing = testKey): Promise<Store> {
  return openPostgresStore({ url, key, ids: { next: () => randomUUID() } });
}

/** An install in a PostgreSQL database of its own. */
export async function postgresInstall(): Promise<TestInstall> {
  const url = await newDatabase();
  return { open: () => openOn(url), remove: () => giveBack(url) };
}

/** The same, under keys of the test's own. */
export async function postgresKeyInstall(): Promise<KeyInstall> {
  const url = await newDatabase();
  return { open: (ring) => openOn(url, ring), texts: () => postgresTexts(url), remove: () => giveBack(url) };
}
