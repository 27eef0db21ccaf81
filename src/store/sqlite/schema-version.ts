import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { MapwrightError } from '../../core/error.ts';
import type { SqliteDatabase } from './database.ts';

/** Where the numbered migrations lie: beside this file, in src/ as in dist/. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('./migrations', import.meta.url));

/** Throws STORE_NEWER when the database was migrated further than this program knows. */
export function requireKnownVersion(db: SqliteDatabase): void {
  if (storedVersion(db) <= knownVersion()) return;
  throw new MapwrightError('STORE_NEWER', 'The database was written by a newer version of this program.', {
    hint: 'Update this program, or restore the backup made before the update.',
  });
}

/** True when all migrations have been applied. */
export function isUpToDate(db: SqliteDatabase): boolean {
  return storedVersion(db) >= knownVersion();
}

/** Applies the migrations that are missing, all or none. */
export async function bringUpToDate(db: SqliteDatabase): Promise<void> {
  if (isUpToDate(db)) return;
  // Loading these takes most of a second, and they are needed at the first start and after updates only.
  const { drizzle } = await import('drizzle-orm/better-sqlite3');
  const { migrate } = await import('drizzle-orm/better-sqlite3/migrator');
  migrate(drizzle(db), { migrationsFolder: MIGRATIONS_FOLDER });
}

/** The newest migration applied, by the time it was made; 0 for a new database. */
function storedVersion(db: SqliteDatabase): number {
  const exists = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = '__drizzle_migrations'").get();
  if (exists === undefined) return 0;
  const newest = db.prepare<[], { at: number | null }>('SELECT max(created_at) AS at FROM __drizzle_migrations').get();
  return newest?.at ?? 0;
}

function knownVersion(): number {
  const migrations = readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER });
  return Math.max(...migrations.map((migration) => migration.folderMillis));
}
