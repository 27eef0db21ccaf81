import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupFacts } from '../../../core/backup.ts';
import { MapwrightError, messageOf } from '../../../core/error.ts';
import type { GivenNumbers, HeldWork } from '../../../core/recovery.ts';
import type { KeyRing } from '../../key/key-ring.ts';
import { requireNotMoved } from '../../moved-mark.ts';
import { interruptedRestore, markRestoring, unmarkRestoring } from '../../restore-mark.ts';
import { createAuditStore } from '../audit-store.ts';
import { databaseFile, makeFolder, openFileForWriting } from '../database.ts';
import { requireFittingKey } from '../fitting-key.ts';
import { GroupCommit } from '../group-commit.ts';
import { NumberSequence } from '../number-sequence.ts';
import { type OwnerLock, takeOwnerLock } from '../owner-lock.ts';
import { createRecovery } from '../recovery.ts';
import { storeFailure } from '../sqlite-failure.ts';
import { inspectBackup } from './backup-file.ts';
import { dropNote } from './backup-note.ts';
import { type ReplacedInstall, readReplaced } from './replaced-install.ts';

/** What a backup would be put in the place of. */
export interface RestorePreview {
  readonly backup: BackupFacts;
  readonly replaced: ReplacedInstall | 'unreadable' | undefined;
}

export interface RestoreParams {
  readonly folder: string;
  readonly file: string;
  /** Undefined: nobody looks whether there is one that fits. */
  readonly key: Uint8Array | KeyRing | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Who restores, for the audit of the install. */
  readonly by: string;
  readonly hold: boolean;
  /** See `Recovery`. */
  readonly ahead: number;
  /** Asked once the backup was read from end to end. False leaves everything as it is; so does what it throws. */
  readonly confirm: (preview: RestorePreview) => boolean;
}

export interface RestoreResult extends RestorePreview {
  /** Undefined when it was not confirmed. */
  readonly done:
    | {
        readonly held: HeldWork;
        /** The folder in which the old database lies; undefined when there was none. */
        readonly aside: string | undefined;
      }
    | undefined;
}

const ENDINGS = ['-wal', '-shm', ''] as const;

/**
 * Puts a backup in the place of the folder's database, brought up to date and prepared for going on; the old one is kept
 * beside it. Nothing of the old one is touched before the new one is whole on the disk. Killed in the middle, the folder is
 * as it was, or is not opened (STORE_RESTORING) until the restore is given again.
 * Rejects with STORE_LOCKED, STORE_MOVED, STORE_NEWER, BACKUP_INVALID, SECRET_UNREADABLE and what `confirm` throws.
 */
export async function restoreBackup(params: RestoreParams): Promise<RestoreResult> {
  const { folder } = params;
  let lock: OwnerLock | undefined;
  try {
    makeFolder(folder);
    lock = takeOwnerLock(folder);
    requireNotMoved(folder);
    const backup = takeCopy(params);
    const replaced = readReplaced(folder);
    if (!params.confirm({ backup, replaced })) return { backup, replaced, done: undefined };
    const given = replaced === undefined || replaced === 'unreadable' ? undefined : replaced.given;
    const held = await prepareDraft(params, backup, given);
    return { backup, replaced, done: { held, aside: swap(params) } };
  } catch (thrown) {
    throw storeFailure(thrown);
  } finally {
    removeDraft(folder);
    lock?.release();
  }
}

/** The draft of the new database: it stands in the folder, so that taking its place is a matter of names. */
function draftFile(folder: string): string {
  return `${databaseFile(folder)}.restoring`;
}

function removeDraft(folder: string): void {
  for (const ending of [...ENDINGS, '-journal']) rmSync(draftFile(folder) + ending, { force: true });
}

/** A copy of a live database has its latest commits in a log beside it. */
function takeCopy({ folder, file }: RestoreParams): BackupFacts {
  const draft = draftFile(folder);
  removeDraft(folder);
  try {
    copyFileSync(file, draft);
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${draft}-wal`);
  } catch (thrown) {
    throw new MapwrightError('BACKUP_INVALID', `${file} cannot be copied to ${folder}: ${messageOf(thrown)}`, {
      hint: 'is it there, may this user read it, and is there space in the folder? Nothing was changed',
      cause: thrown,
    });
  }
  return inspectBackup(draft, file);
}

async function prepareDraft(
  { folder, key, at, by, hold, ahead }: RestoreParams,
  { madeAt, installId }: BackupFacts,
  given: GivenNumbers | undefined,
): Promise<HeldWork> {
  const draft = draftFile(folder);
  const db = openFileForWriting(draft);
  try {
    if (key !== undefined) requireFittingKey(db, key);
    dropNote(db);
    const commits = new GroupCommit(db);
    const numbers = new NumberSequence(db, commits);
    const audit = createAuditStore(db, commits);
    const head = { at, by, kind: 'local', from: 'local', action: 'restore', target: installId } as const;
    const entry = await audit.begin({ ...head, detail: { madeAt: madeAt ?? null, hold } });
    const held = await createRecovery({ db, commits, numbers }).afterRestore({
      at,
      ahead,
      hold,
      ...(given === undefined ? {} : { given }),
    });
    await audit.end({ id: entry, outcome: 'done', detail: { ...held } });
    await numbers.close();
    await commits.close();
    return held;
  } finally {
    db.close();
    flush(draft);
  }
}

/** The log goes first: the old database without its log is never taken for the new one, nor the new one given the old log. */
function swap({ folder, at }: RestoreParams): string | undefined {
  const database = databaseFile(folder);
  const isReplacing = existsSync(database);
  const interrupted = interruptedRestore(folder);
  const isHalfAside = interrupted !== undefined && !existsSync(join(folder, interrupted, 'mapwright.db'));
  const aside = isHalfAside ? interrupted : newAside(folder, at);
  markRestoring(folder, aside);
  if (isReplacing) mkdirSync(join(folder, aside), { recursive: true, mode: 0o700 });
  for (const ending of ENDINGS) {
    if (existsSync(database + ending)) renameSync(database + ending, join(folder, aside, `mapwright.db${ending}`));
  }
  renameSync(draftFile(folder), database);
  flush(folder);
  unmarkRestoring(folder);
  flush(folder);
  return existsSync(join(folder, aside)) ? join(folder, aside) : undefined;
}

function newAside(folder: string, at: number): string {
  const time = new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/gu, '').replace('T', '-');
  for (let count = 1; ; count++) {
    const name = `before-restore-${time}${count === 1 ? '' : `-${count}`}`;
    if (!existsSync(join(folder, name))) return name;
  }
}

/** Brings a file, or the names in a folder, to the disk; Windows does the latter by itself. */
function flush(path: string): void {
  let handle: number | undefined;
  try {
    handle = openSync(path, 'r');
    fsyncSync(handle);
  } catch (thrown) {
    if (process.platform !== 'win32') throw thrown;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
