import { closeSync, fsyncSync, openSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { messageOf } from '../../../core/error.ts';
import { openForReading } from '../database.ts';
import type { SqliteDatabase } from '../database.ts';
import { type BackupCounts, countContent, writeNote } from './backup-note.ts';
import { inspectBackup } from './backup-file.ts';
import type { BackupOrder, BackupTidings } from './sqlite-backups.ts';

// The backup thread. Its open read transaction keeps one moment of the database for it while others go on committing:
// without one, SQLite would begin the copy anew with each of their commits (SQLite, "Online Backup API").

/** Pages copied before it is looked whether there is anything else to do: 4 MiB. */
const PAGES_AT_ONCE = 1_000;
const PAGE_BYTES = 4_096;

const order = workerData as BackupOrder;

try {
  const counts = await copy();
  tell({ kind: 'progress', stage: 'checking', doneBytes: 0, bytes: 0 });
  finish(counts);
  tell({ kind: 'done', facts: inspectBackup(order.file) });
} catch (thrown) {
  const code = thrown instanceof Database.SqliteError ? thrown.code : '';
  tell({ kind: 'failed', code, message: messageOf(thrown) });
}

async function copy(): Promise<BackupCounts> {
  const source = openForReading(order.folder);
  try {
    source.exec('BEGIN');
    const counts = countContent(source);
    // Readable by its owner alone before anything is in it.
    closeSync(openSync(order.file, 'wx', 0o600));
    await source.backup(order.file, {
      progress({ totalPages, remainingPages }) {
        const doneBytes = (totalPages - remainingPages) * PAGE_BYTES;
        tell({ kind: 'progress', stage: 'copying', doneBytes, bytes: totalPages * PAGE_BYTES });
        return PAGES_AT_ONCE;
      },
    });
    return counts;
  } finally {
    source.close();
  }
}

/** Makes the copy a file that stands for itself, says in it what it is, and brings it to the disk. */
function finish(counts: BackupCounts): void {
  const db: SqliteDatabase = new Database(order.file, { fileMustExist: true });
  try {
    db.pragma('journal_mode = DELETE');
    writeNote(db, { madeAt: order.madeAt, version: order.version, ...counts });
  } finally {
    db.close();
  }
  const handle = openSync(order.file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function tell(tidings: BackupTidings): void {
  parentPort?.postMessage(tidings);
}
