import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { MapwrightError } from '../../core/error.ts';
import { PostgresDatabase } from './database.ts';
import type { Session } from './database.ts';
import { TABLE_STORAGE } from './table-storage.ts';

/** Where the numbered migrations lie: beside this file, in src/ as in dist/. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('./migrations', import.meta.url));

/**
 * The lowest level that a program must know to work with a database of this program's level. Raised by a migration that
 * takes something away, and only to a level that the release before knew: nodes of that release go on beside new ones.
 */
const MINIMUM_LEVEL = 1;

/** Held while the schema changes, so that of several nodes that start at once one does it. */
const MIGRATION_LOCK = 0x4d505752;

/** How far a database has come. */
export interface SchemaState {
  /** 0: the database holds no install. */
  readonly level: number;
  /** Programs that know fewer levels cannot work with it. */
  readonly minimumLevel: number;
}

/** How many migrations this program knows. */
export function knownLevel(): number {
  return migrations().length;
}

/**
 * Brings the database to this program's level, all or nothing; an empty one is made an install's. Does nothing when it
 * has that level or a higher one. Several at once are safe. Gives the levels before and after.
 * Rejects with STORE_NEWER or STORE_UNAVAILABLE.
 * @param params.now Milliseconds since the epoch.
 */
export async function migrateStore(params: {
  readonly url: string;
  readonly now: number;
}): Promise<{ readonly from: number; readonly to: number }> {
  const db = new PostgresDatabase({ url: params.url, connections: 1 });
  try {
    return await bringUpToDate(db, params.now);
  } finally {
    await db.close();
  }
}

/** As `migrateStore`, on an open database. */
export async function bringUpToDate(
  db: PostgresDatabase,
  now: number,
): Promise<{ readonly from: number; readonly to: number }> {
  const { level } = await requireKnownSchema(db);
  if (level >= knownLevel()) return { from: level, to: level };
  return db.transaction((session) => migrate(session, now), { unhurried: true });
}

/** The state of a database that this program can work with. Rejects with STORE_NEWER for any other. */
export async function requireKnownSchema(session: Session): Promise<SchemaState> {
  const state = await schemaState(session);
  if (state.minimumLevel > knownLevel()) throw tooNew();
  return state;
}

function tooNew(): MapwrightError {
  return new MapwrightError('STORE_NEWER', 'The database was changed by a newer version of this program.', {
    hint: 'Update this program to the version of the others that work on this database.',
  });
}

/** How far the database has come. */
export async function schemaState(session: Session): Promise<SchemaState> {
  const [found] = await session.all<{ exists: boolean }>("SELECT to_regclass('schema_versions') IS NOT NULL AS exists");
  if (found?.exists !== true) return { level: 0, minimumLevel: 0 };
  const [state] = await session.all<SchemaState>(
    `SELECT coalesce(max(level), 0) AS level, coalesce(max(minimum_level), 0) AS "minimumLevel" FROM schema_versions`,
  );
  return state ?? { level: 0, minimumLevel: 0 };
}

async function migrate(session: Session, now: number): Promise<{ readonly from: number; readonly to: number }> {
  await session.run('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  // Another node may have been faster.
  const { level } = await requireKnownSchema(session);
  if (level === 0) await requireOurs(session);
  for (const [index, { sql, hash }] of migrations().entries()) {
    if (index < level) continue;
    for (const statement of sql) await session.run(inAnySchema(statement));
    await session.run('INSERT INTO schema_versions (level, hash, minimum_level, applied_at) VALUES ($1, $2, $3, $4)', [
      index + 1,
      hash,
      MINIMUM_LEVEL,
      now,
    ]);
  }
  if (level < knownLevel()) for (const statement of TABLE_STORAGE) await session.run(statement);
  return { from: level, to: Math.max(level, knownLevel()) };
}

/** Tables belong to the schema that the connection works in (`search_path`), which need not be the one the generator names. */
function inAnySchema(statement: string): string {
  return statement.replaceAll('"public".', '');
}

async function requireOurs(session: Session): Promise<void> {
  const names = ['install', 'runs', 'users', 'groups', 'settings', 'secrets', 'steps', 'revisions'];
  const taken = await session.all<{ name: string }>(
    'SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relname = ANY($1)',
    [names],
  );
  const [first] = taken;
  if (first === undefined) return;
  throw new MapwrightError('STORE_UNAVAILABLE', `The database is another program's: it has a table ${first.name}.`, {
    hint: 'Make a database for this install alone, and let DATABASE_URL name it: CREATE DATABASE mapwright',
  });
}

/** Read once: nodes look at their level every few seconds. */
let known: ReturnType<typeof readMigrationFiles> | undefined;

function migrations() {
  return (known ??= readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER }));
}
