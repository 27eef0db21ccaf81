import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { MapwrightError } from '../../core/error.ts';

/** The hold of one process on an install. */
export interface OwnerLock {
  release(): void;
}

/**
 * Takes the install for this process; throws STORE_LOCKED when another one has it.
 * The lock is SQLite's own on a file that nothing else opens: the system releases it however the process ends.
 */
export function takeOwnerLock(folder: string): OwnerLock {
  // The owner's number stands in a file of its own, because the locked one cannot be read, not even by its owner:
  // closing any other handle of it would release the lock (POSIX fcntl).
  const pidFile = join(folder, 'mapwright.pid');
  const lock = new Database(join(folder, 'mapwright.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (thrown) {
    lock.close();
    if (thrown instanceof Database.SqliteError && thrown.code.startsWith('SQLITE_BUSY')) throw locked(folder, pidFile);
    throw thrown;
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return {
    release: () => {
      rmSync(pidFile, { force: true });
      lock.close();
    },
  };
}

function locked(folder: string, pidFile: string): MapwrightError {
  return new MapwrightError('STORE_LOCKED', `Another process already runs the install in ${folder}.`, {
    hint: `Stop process ${readPid(pidFile)} first, or choose another folder.`,
  });
}

function readPid(pidFile: string): string {
  try {
    return readFileSync(pidFile, 'utf8').trim();
  } catch {
    return '(number unknown)';
  }
}
