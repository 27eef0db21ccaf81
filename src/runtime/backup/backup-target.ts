import { existsSync } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { MapwrightError, messageOf } from '../../core/error.ts';
import type { BackupParams } from './backup-administration.ts';

/** Where a backup goes. */
export interface BackupTarget {
  /** Its name once it is whole. */
  readonly file: string;
  /** Its name until then. */
  readonly partial: string;
  readonly replace: boolean;
  /** How many of its kind stay in its folder; undefined: all. */
  readonly keep: number | undefined;
}

interface Named extends BackupParams {
  /** Of the install. */
  readonly folder: string;
  readonly installId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const OWN_FOLDER = 'backups';
const INSTALL_FILES = ['mapwright.db', 'mapwright.db-wal', 'mapwright.db-shm', 'mapwright.key', 'mapwright.lock'];

/** Rejects with BACKUP_EXISTS or BACKUP_TARGET; makes the folder `backups` of the install, and no other. */
export async function backupTarget(params: Named): Promise<BackupTarget> {
  const { folder, installId, target, replace = false, keep } = params;
  const own = join(folder, OWN_FOLDER);
  if (target === undefined || !/^(?:[A-Za-z]:)?[\\/]/u.test(target)) await mkdir(own, { recursive: true, mode: 0o700 });
  const named = resolve(own, target ?? '.');
  const isFolder = target?.endsWith('/') === true || (await isFolderAt(named));
  if (keep !== undefined && !isFolder) {
    throw refusedTarget(`${named} is no folder`, 'keep counts the backups of a folder: name one that is there');
  }
  const file = isFolder ? join(named, `${stem(installId)}${timeOf(params.at)}.db`) : named;
  if (resolve(dirname(file)) === resolve(folder) && INSTALL_FILES.includes(basename(file))) {
    throw refusedTarget(`${file} belongs to the install itself`, 'choose another name');
  }
  if (!(await isFolderAt(dirname(file)))) throw refusedTarget(`there is no folder ${dirname(file)}`, 'make it first');
  const found = { file, partial: `${file}.${installId.slice(0, 8)}.partial`, replace, keep };
  if (!replace && existsSync(file)) throw existing(file);
  return found;
}

/** Takes away what a backup left that was killed: of this install, and for the same file or in the same row of files. */
export async function clearPartials({ file, partial }: BackupTarget, installId: string): Promise<void> {
  const folder = dirname(file);
  const ending = `.${installId.slice(0, 8)}.partial`;
  for (const name of await readdir(folder)) {
    const isOfRow = isOfInstall(name, installId) && name.includes(ending);
    if (isOfRow || name.startsWith(basename(partial))) await rm(join(folder, name), { force: true });
  }
}

/** Gives the finished file its name, on the disk when it resolves. Rejects with BACKUP_EXISTS when somebody was faster. */
export async function publish({ file, partial, replace }: BackupTarget): Promise<void> {
  if (replace) await rename(partial, file);
  else await renameToNew(partial, file);
  await flushFolder(dirname(file));
}

/** Removes the oldest backups of this install beyond `keep`; gives their names. */
export async function clearOld({ file, keep }: BackupTarget, installId: string): Promise<readonly string[]> {
  if (keep === undefined) return [];
  const folder = dirname(file);
  const names = (await readdir(folder)).filter((name) => isOfInstall(name, installId) && name.endsWith('.db'));
  // Their names rise with time.
  const old = names.toSorted().slice(0, -keep);
  for (const name of old) await rm(join(folder, name), { force: true });
  return old.map((name) => join(folder, name));
}

/** A link is refused where a file of the name is; not every file system has links. */
async function renameToNew(partial: string, file: string): Promise<void> {
  try {
    await link(partial, file);
  } catch (cause) {
    if (existsSync(file)) throw existing(file);
    // Windows and some network drives have no links.
    if (!(cause instanceof Error)) throw cause;
    return rename(partial, file);
  }
  return unlink(partial);
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  // Windows opens no folders: there the system does it by itself.
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

async function isFolderAt(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function stem(installId: string): string {
  return `mapwright-${installId.slice(0, 8)}-`;
}

/** `20260302-091407`, in UTC. */
function timeOf(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/gu, '').replace('T', '-');
}

function isOfInstall(name: string, installId: string): boolean {
  return name.startsWith(stem(installId)) && /^\d{8}-\d{6}\.db/u.test(name.slice(stem(installId).length));
}

function existing(file: string): MapwrightError {
  return new MapwrightError('BACKUP_EXISTS', `${file} is there already`, {
    hint: 'choose another name, name a folder, or say --replace',
  });
}

function refusedTarget(why: string, hint: string): MapwrightError {
  return new MapwrightError('BACKUP_TARGET', why, { hint });
}

/** Whatever the file system threw, as an error of a backup. */
export function targetFailure(thrown: unknown): MapwrightError {
  if (thrown instanceof MapwrightError) return thrown;
  return refusedTarget(messageOf(thrown), 'can this user write there, and is there space?');
}
