import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { localCaller } from '../core/access.ts';
import { MapwrightError } from '../core/error.ts';
import type { Administration } from '../runtime/administration.ts';
import { connectControl } from '../server/control/control-client.ts';
import { databaseName } from './install-database.ts';

/** An install that is reached over its REST API. */
export interface RemoteInstall {
  /** `https://maps.example.com` */
  readonly url: string;
  readonly token: string;
}

/** Which install to open. */
export interface OpenParams {
  readonly folder: string;
  /** `postgres://...`: where the install is kept, when not in its folder. */
  readonly database?: string;
  /** True: a folder or database that is no install yet becomes one. */
  readonly create: boolean;
  /** A server somewhere else, instead of a folder or database. */
  readonly remote?: RemoteInstall;
  /** Who gives the command, for the audit. */
  readonly operator?: string;
}

/** The administrator that a new install starts with. */
export interface FirstUser {
  readonly name: string;
  readonly accessKey: string;
}

/** An install that is open for commands. */
export interface OpenedAdministration {
  readonly administration: Administration;
  /** Only when opening made the install: its administrator, whose key is told now and never again. */
  readonly firstUser?: FirstUser | undefined;
  /** Ends this process's hold on the install; a server that owns it goes on. */
  close(): Promise<void>;
}

/** How long a server that starts or stops may hold an install without answering at its socket. */
const PATIENCE_MS = 3000;
const PAUSE_MS = 100;

/**
 * Opens an install: through the server that owns it when one answers at its control socket, else in this process. One in a
 * PostgreSQL database is always opened in this process: nobody owns it, and a server on this machine may be of another one.
 * Rejects with CLI_NO_INSTALL when there is none and `create` is false, and with STORE_LOCKED when another process that
 * cannot be talked to still owns it after `patienceMs`.
 */
export async function openAdministration(params: OpenParams, patienceMs = PATIENCE_MS): Promise<OpenedAdministration> {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    const opened = await openOnce(params, waitedMs + PAUSE_MS > patienceMs);
    if (opened !== undefined) return opened;
    await setTimeout(PAUSE_MS);
  }
}

/** Undefined when the install is locked and this is not the last try. */
async function openOnce(params: OpenParams, last: boolean): Promise<OpenedAdministration | undefined> {
  const { folder, database, create, operator = 'unknown' } = params;
  if (params.remote !== undefined) {
    const { connectApi } = await import('./api-client/connect-api.ts');
    return { administration: connectApi(params.remote), close: () => Promise.resolve() };
  }
  const remote = database === undefined ? await connectControl(folder, operator) : undefined;
  if (remote !== undefined) return { administration: remote, close: () => Promise.resolve() };
  if (!create) await requireInstall(folder, database);
  const { openInstall } = await import('../runtime/install.ts');
  try {
    const install = await openInstall({ folder, database });
    return { ...install, administration: install.administrationFor(localCaller(operator)) };
  } catch (thrown) {
    if (!last && thrown instanceof MapwrightError && thrown.code === 'STORE_LOCKED') return undefined;
    throw thrown;
  }
}

/** Rejects with CLI_NO_INSTALL when no install was ever made there: a look at the wrong place must not make it one. */
export async function requireInstall(folder: string, database: string | undefined): Promise<void> {
  if (database !== undefined) return requireInstallIn(database);
  const isInstall = await access(join(folder, 'mapwright.db')).then(
    () => true,
    () => false,
  );
  if (isInstall) return;
  throw new MapwrightError('CLI_NO_INSTALL', `there is no install in ${folder}`, {
    hint: 'make one with: mapwright apply DOCUMENTS... (or mapwright serve), or name another folder with --dir',
  });
}

async function requireInstallIn(database: string): Promise<void> {
  const { holdsInstall } = await import('../store/postgres/install-row.ts');
  if (await holdsInstall(database)) return;
  throw new MapwrightError('CLI_NO_INSTALL', `there is no install in ${databaseName(database)}`, {
    hint: 'make one with: mapwright serve (or mapwright apply DOCUMENTS...), take one along with: mapwright move-to-postgres, or let DATABASE_URL name another database',
  });
}
