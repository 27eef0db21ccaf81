import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MapwrightError } from '../../core/error.ts';
import { loadKeys } from '../../store/encryption-key.ts';
import type { KeyRing } from '../../store/key/key-ring.ts';
import { type RestorePreview, type RestoreResult, restoreBackup } from '../../store/sqlite/backup/restore-backup.ts';

export type { RestorePreview, RestoreResult } from '../../store/sqlite/backup/restore-backup.ts';

/** How far the numbers of new records and runs jump: more than an install can have given between two backups. */
export const NUMBERS_AHEAD = 10_000_000;

export interface RestoreInstallParams {
  /** Of the install on SQLite; no process works on it. */
  readonly folder: string;
  readonly file: string;
  /** Environment variables; MAPWRIGHT_KEY is read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly by: string;
  /** False: unfinished runs go on by themselves, and do again what they did after the backup. */
  readonly hold: boolean;
  readonly ahead: number;
  /** True: a database of another install may be replaced. */
  readonly otherInstall: boolean;
  /** True: nobody looks whether the key fits. */
  readonly anyKey: boolean;
  /** False, or what it throws, leaves everything as it is. */
  readonly confirm: (preview: RestorePreview) => boolean;
}

/** Puts a backup in the place of the folder's install; see `restoreBackup` for what it gives and how it fails. */
export async function restoreInstall(params: RestoreInstallParams): Promise<RestoreResult> {
  const { folder, anyKey, otherInstall, now, confirm } = params;
  const key = anyKey ? undefined : await existingKey(params);
  return restoreBackup({
    ...params,
    folder,
    key,
    at: now,
    confirm(preview) {
      if (!otherInstall) requireSameInstall(preview, folder);
      return confirm(preview);
    },
  });
}

/** The key belongs to the backup: a new one, as a new install gets, would open nothing. */
async function existingKey({ folder, env }: RestoreInstallParams): Promise<KeyRing> {
  const isGiven = (env['MAPWRIGHT_KEY'] ?? '') !== '';
  if (isGiven || existsSync(join(folder, 'mapwright.key'))) return loadKeys({ folder, env });
  throw new MapwrightError(
    'KEY_MISSING',
    `There is no ${join(folder, 'mapwright.key')}, and MAPWRIGHT_KEY is not set.`,
    {
      hint: 'Put the key of the install that the backup is of there first. Where it is lost for good: --any-key, and set all secrets anew.',
    },
  );
}

function requireSameInstall({ backup, replaced }: RestorePreview, folder: string): void {
  if (replaced === undefined || replaced === 'unreadable' || replaced.installId === backup.installId) return;
  throw new MapwrightError('RESTORE_OTHER_INSTALL', `The backup is of another install than the one in ${folder}.`, {
    hint: 'Name the right folder with --dir, or an empty one; or say --other-install to replace it all the same.',
  });
}
