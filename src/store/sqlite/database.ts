import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { MapwrightError } from '../../core/error.ts';
import { bringUpToDate, isUpToDate, requireKnownVersion } from './schema-version.ts';

/**
 * An open SQLite database.
 *
 * In statements that run often, write `+?` for a parameter after LIMIT, and for one that is compared with a column where
 * rows are ordered: for a bare `?` there the planner looks at the value, so SQLite plans the statement anew each time it
 * is run, which takes longer than running it.
 */
export type SqliteDatabase = Database.Database;

/** Written into the header of the file, so that a foreign database is not taken for ours: `MPWR`. */
const APPLICATION_ID = 0x4d505752;
const BUSY_TIMEOUT_MS = 5000;
const CACHE_KIB = 16 * 1024;
/** Beyond this the committing connection checkpoints by itself: only when the thread that does it has fallen behind. */
const LOG_PAGES_AT_MOST = 16_384;
const WAL_KEPT_BYTES = 64 * 1024 * 1024;

/** Makes the folder, readable by its owner only, when there is none. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/**
 * Opens the database for its owner, made or brought up to date as needed. Commits are on disk when they return.
 * Throws STORE_NEWER, STORE_UNAVAILABLE or SQLite's own error.
 */
export function openForWriting(folder: string): SqliteDatabase {
  return openFileForWriting(databaseFile(folder));
}

/** The same for a database that has not taken its place in a folder yet. */
export function openFileForWriting(file: string): SqliteDatabase {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
  const db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    requireOurs(db);
    requireKnownVersion(db);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma(`wal_autocheckpoint = ${LOG_PAGES_AT_MOST}`);
    db.pragma(`cache_size = -${CACHE_KIB}`);
    db.pragma(`journal_size_limit = ${WAL_KEPT_BYTES}`);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    bringUpToDate(db);
    db.pragma('foreign_keys = ON');
    return db;
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

/** Opens an existing database beside its owner's connection, in the same process, for checkpoints only. */
export function openForCheckpoints(folder: string): SqliteDatabase {
  const db = new Database(databaseFile(folder), { fileMustExist: true, timeout: 0 });
  db.pragma('synchronous = FULL');
  db.pragma(`journal_size_limit = ${WAL_KEPT_BYTES}`);
  return db;
}

/** Opens an existing database for reading only, beside its owner. Throws as `openForWriting` does. */
export function openForReading(folder: string): SqliteDatabase {
  const db = new Database(databaseFile(folder), { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    requireOurs(db);
    requireKnownVersion(db);
    if (isUpToDate(db)) return db;
    throw new MapwrightError('STORE_UNAVAILABLE', 'The database is of an older version than this program.', {
      hint: 'Start the install once with this version: that brings the database up to date.',
    });
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

/** Where commits are written first (SQLite, "Write-Ahead Logging"); there as long as a connection is open. */
export function logFile(folder: string): string {
  return `${databaseFile(folder)}-wal`;
}

/** The database of the install in a folder. */
export function databaseFile(folder: string): string {
  return join(folder, 'mapwright.db');
}

/** Throws STORE_UNAVAILABLE when the database is another program's. */
export function requireOurs(db: SqliteDatabase): void {
  const isEmpty = db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  if (isEmpty || db.pragma('application_id', { simple: true }) === APPLICATION_ID) return;
  throw new MapwrightError('STORE_UNAVAILABLE', 'mapwright.db is a database of another program.', {
    hint: 'Choose another folder.',
  });
}
