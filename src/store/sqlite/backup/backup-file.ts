import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { BackupFacts } from '../../../core/backup.ts';
import { MapwrightError, messageOf } from '../../../core/error.ts';
import { requireOurs } from '../database.ts';
import type { SqliteDatabase } from '../database.ts';
import { requireKnownVersion } from '../schema-version.ts';
import { readInstallId } from '../install-id.ts';
import { type BackupCounts, countContent, readNote } from './backup-note.ts';

/**
 * Reads a backup, or another copy of an install's database, from end to end. Throws BACKUP_INVALID when it is damaged, cut
 * short or no such file, and STORE_NEWER when a newer program made it.
 * @param name what the file is called to people
 */
export function inspectBackup(file: string, name = file): BackupFacts {
  const db = openCopy(file, name);
  try {
    requireWhole(db, name);
    const counted = countContent(db);
    const note = readNote(db);
    if (note !== undefined) requireSame(name, note, counted);
    return {
      bytes: statSync(file).size,
      madeAt: note?.madeAt,
      version: note?.version,
      installId: readInstallId(db),
      revision: latestRevision(db),
      ...counted,
    };
  } catch (thrown) {
    throw thrown instanceof MapwrightError ? thrown : invalid(name, messageOf(thrown));
  } finally {
    db.close();
  }
}

function requireWhole(db: SqliteDatabase, name: string): void {
  const [found] = db.pragma('integrity_check(1)') as readonly { readonly integrity_check: string }[];
  if (found?.integrity_check !== 'ok') throw invalid(name, found?.integrity_check ?? 'it cannot be read');
}

function requireSame(name: string, noted: BackupCounts, counted: BackupCounts): void {
  for (const what of ['runs', 'unfinished', 'records'] as const) {
    if (noted[what] === counted[what]) continue;
    throw invalid(name, `it holds ${counted[what]} ${what} and should hold ${noted[what]}`);
  }
}

function openCopy(file: string, name: string): SqliteDatabase {
  let db: SqliteDatabase | undefined;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true });
    requireOurs(db);
    requireKnownVersion(db);
    return db;
  } catch (thrown) {
    db?.close();
    if (thrown instanceof MapwrightError && thrown.code === 'STORE_NEWER') throw newer(name);
    throw invalid(name, messageOf(thrown));
  }
}

function latestRevision(db: SqliteDatabase): number {
  return db.prepare<[], { n: number | null }>('SELECT max(number) AS n FROM revisions').get()?.n ?? 0;
}

function invalid(name: string, why: string): MapwrightError {
  return new MapwrightError('BACKUP_INVALID', `${name} is no whole backup of an install: ${why}`, {
    hint: 'take another one; nothing was changed',
  });
}

function newer(name: string): MapwrightError {
  return new MapwrightError('STORE_NEWER', `${name} was made by a newer version of this program.`, {
    hint: 'Update this program first, then restore; or take a backup made before the update.',
  });
}
