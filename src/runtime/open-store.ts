import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { MapwrightError } from '../core/error.ts';
import { loadKeys } from '../store/encryption-key.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { isMoved } from '../store/moved-mark.ts';
import type { Store } from '../store/store.ts';

export interface OpenStoreParams {
  readonly folder: string;
  /** `postgres://...`; undefined: SQLite in the folder. */
  readonly database: string | undefined;
  /** Environment variables; MAPWRIGHT_KEY is read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
}

/**
 * Opens what an install keeps: in its folder, for this process alone, or in a PostgreSQL database, where others may work
 * on it too; the key is the folder's either way. Rejects with STORE_LOCKED, STORE_MOVED, STORE_NOT_MOVED, KEY_MISSING and others.
 */
export async function openStore({ folder, database, env, clock }: OpenStoreParams): Promise<Store> {
  const ids = { next: () => randomUUID() };
  if (database === undefined) return openSqliteStore({ folder, key: await loadKeys({ folder, env }), ids });
  // Loaded only where it is needed: most installs have no such database.
  const [{ openPostgresStore }, { holdsInstall }] = await Promise.all([
    import('../store/postgres/postgres-store.ts'),
    import('../store/postgres/install-row.ts'),
  ]);
  const isInstall = await holdsInstall(database);
  if (!isInstall) requireNothingLeftBehind(folder);
  const key = await loadKeys({ folder, env, isInstall });
  return openPostgresStore({ url: database, key, ids, clock });
}

/** An install that is still in the folder would seem lost, and be worked on twice later. */
function requireNothingLeftBehind(folder: string): void {
  if (!existsSync(join(folder, 'mapwright.db')) || isMoved(folder)) return;
  throw new MapwrightError('STORE_NOT_MOVED', `The database is empty, and ${folder} holds an install on SQLite.`, {
    hint: 'Take it along with: mapwright move-to-postgres; or begin a new install in another folder (--dir).',
  });
}
