import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MapwrightError } from '../core/error.ts';
import type { Administration } from '../runtime/administration.ts';
import { connectControl } from '../server/control/control-client.ts';

/** Which install to open. */
export interface OpenParams {
  readonly folder: string;
  /** True: a folder that is no install yet becomes one. */
  readonly create: boolean;
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
 * Opens an install: through the server that owns it when one answers at its control socket, else in this process.
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
  const remote = await connectControl(params.folder);
  if (remote !== undefined) return { administration: remote, close: () => Promise.resolve() };
  if (!params.create) await requireInstall(params.folder);
  const { openInstall } = await import('../runtime/install.ts');
  try {
    return await openInstall({ folder: params.folder });
  } catch (thrown) {
    if (!last && thrown instanceof MapwrightError && thrown.code === 'STORE_LOCKED') return undefined;
    throw thrown;
  }
}

/** Rejects with CLI_NO_INSTALL when no install was ever made in the folder: a look at the wrong one must not make it one. */
async function requireInstall(folder: string): Promise<void> {
  const isInstall = await access(join(folder, 'mapwright.db')).then(
    () => true,
    () => false,
  );
  if (isInstall) return;
  throw new MapwrightError('CLI_NO_INSTALL', `there is no install in ${folder}`, {
    hint: 'make one with: mapwright apply DOCUMENTS... (or mapwright serve), or name another folder with --dir',
  });
}
