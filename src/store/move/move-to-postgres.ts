import { MapwrightError } from '../../core/error.ts';
import type { KeyRing } from '../key/key-ring.ts';
import { markMoved, unmarkMoved } from '../moved-mark.ts';
import { PostgresDatabase } from '../postgres/database.ts';
import type { Session } from '../postgres/database.ts';
import { installIdOf } from '../postgres/install-row.ts';
import { prepareModuleTable } from '../postgres/module-tables.ts';
import { bringUpToDate } from '../postgres/schema-version.ts';
import { requireSuitableServer } from '../postgres/server-check.ts';
import { quoted } from '../sql-text.ts';
import { openForWriting } from '../sqlite/database.ts';
import type { SqliteDatabase } from '../sqlite/database.ts';
import { requireFittingKey } from '../sqlite/fitting-key.ts';
import { takeOwnerLock } from '../sqlite/owner-lock.ts';
import { storeFailure } from '../sqlite/sqlite-failure.ts';
import { modulesWithTables } from './known-modules.ts';
import type { ModulesOf } from './known-modules.ts';
import { sourceTables } from './source-rows.ts';
import { copyTable } from './table-copy.ts';

/** A table that was copied and read back. */
export interface MovedTable {
  readonly name: string;
  readonly rows: number;
}

export interface MoveParams {
  /** Of an install on SQLite that no process has open. */
  readonly folder: string;
  /** The install's, which stays: 32 bytes, or several keys. */
  readonly key: Uint8Array | KeyRing;
  /** `postgres://...`: a database with nothing in it. */
  readonly url: string;
  /** What the new place is called to people. */
  readonly place: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly modulesOf: ModulesOf;
  /** Told of each table when it has been copied. */
  readonly onTable: (table: MovedTable) => void;
}

/** Written first, because others name their rows. */
const FIRST = ['install', 'blobs', 'revisions', 'users', 'groups', 'units', 'inbox_jobs'];

/**
 * Copies an install, history and all, into an empty PostgreSQL database: all or nothing, and read back before it counts.
 * Secrets stay sealed under their key. Afterwards the folder is marked, so that nothing is done twice. Undefined when the
 * install is there already, because the process was killed at the very end of a move.
 * Rejects with STORE_LOCKED, STORE_NOT_EMPTY, STORE_COPY_DIFFERS, SECRET_UNREADABLE under another key, and others.
 */
export async function moveToPostgres(params: MoveParams): Promise<readonly MovedTable[] | undefined> {
  const lock = takeOwnerLock(params.folder);
  let sqlite: SqliteDatabase | undefined;
  let db: PostgresDatabase | undefined;
  try {
    sqlite = await openForWriting(params.folder);
    // Secrets that nobody can open are better noticed while the old install is still there.
    requireFittingKey(sqlite, params.key);
    db = new PostgresDatabase({ url: params.url, connections: 2 });
    await requireSuitableServer(db);
    await bringUpToDate(db, params.now);
    return await copyAll(params, sqlite, db);
  } catch (thrown) {
    throw storeFailure(thrown);
  } finally {
    await db?.close();
    sqlite?.close();
    lock.release();
  }
}

async function copyAll(
  { folder, place, modulesOf, onTable }: MoveParams,
  sqlite: SqliteDatabase,
  db: PostgresDatabase,
): Promise<readonly MovedTable[] | undefined> {
  let isMarked = false;
  const copy = async (session: Session): Promise<readonly MovedTable[] | undefined> => {
    // No node can open the database while it is half full.
    await session.run('LOCK TABLE install IN ACCESS EXCLUSIVE MODE');
    if (await isThere(session, sqlite)) return undefined;
    for (const module of modulesWithTables(sqlite, modulesOf)) await prepareModuleTable(session, module);
    const moved: MovedTable[] = [];
    for (const name of inOrder(sourceTables(sqlite))) {
      const table = { name, rows: await copyTable(session, sqlite, name) };
      moved.push(table);
      onTable(table);
    }
    await setSequences(session, sqlite);
    // From here on the folder's install is not worked on, whatever becomes of this process.
    markMoved(folder, place);
    isMarked = true;
    return moved;
  };
  try {
    const moved = await db.transaction(copy, { unhurried: true });
    if (moved === undefined) markMoved(folder, place);
    return moved;
  } catch (thrown) {
    if (isMarked && !(await mayBeThere(db, sqlite))) unmarkMoved(folder);
    throw thrown;
  }
}

/** After a commit without an answer: true unless it certainly did not take effect. */
async function mayBeThere(db: PostgresDatabase, sqlite: SqliteDatabase): Promise<boolean> {
  return installIdOf(db).then(
    (id) => id === sourceId(sqlite),
    () => true,
  );
}

/** True when this very install is in the database. Rejects with STORE_NOT_EMPTY when anything else is. */
async function isThere(session: Session, sqlite: SqliteDatabase): Promise<boolean> {
  const id = await installIdOf(session);
  if (id === undefined) return false;
  if (id === sourceId(sqlite)) return true;
  throw new MapwrightError('STORE_NOT_EMPTY', 'There is another install in the database already.', {
    hint: 'Name a database with nothing in it: CREATE DATABASE mapwright',
  });
}

function sourceId(sqlite: SqliteDatabase): string | undefined {
  return sqlite.prepare<[], { id: string }>('SELECT install_id AS id FROM install').get()?.id;
}

function inOrder(tables: readonly string[]): readonly string[] {
  const first = FIRST.filter((name) => tables.includes(name));
  return [...first, ...tables.filter((name) => !first.includes(name))];
}

/** Numbers that were given are never given again, those of rows that are gone among them. */
async function setSequences(session: Session, sqlite: SqliteDatabase): Promise<void> {
  const given = sqlite
    .prepare<[], { name: string; last: number }>('SELECT name, seq AS last FROM sqlite_sequence')
    .all();
  for (const { name, last } of given) {
    const [column] = await session.all<{ sequence: string }>(
      `SELECT pg_get_serial_sequence($1, attname) AS sequence FROM pg_attribute
       WHERE attrelid = to_regclass($1) AND attidentity <> ''`,
      [quoted(name)],
    );
    if (column !== undefined && last > 0) await session.run('SELECT setval($1, $2)', [column.sequence, last]);
  }
}
