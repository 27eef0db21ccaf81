import { fileURLToPath } from 'node:url';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
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

/**
 * Applies the migrations that are missing, all or none. Kept in the table in which drizzle-orm's own migrator keeps them,
 * which takes half a second of processor time to load: as much as all the rest of a first start.
 */
export function bringUpToDate(db: SqliteDatabase): void {
  if (isUpToDate(db)) return;
  const apply = db.transaction(() => {
    db.exec(
      'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)',
    );
    const note = db.prepare<[string, number]>('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)');
    const stored = storedVersion(db);
    for (const { sql, hash, folderMillis } of migrations()) {
      if (folderMillis <= stored) continue;
      for (const statement of sql) db.exec(statement);
      note.run(hash, folderMillis);
    }
  });
  apply.immediate();
}

/** The newest migration applied, by the time it was made; 0 for a new database. */
function storedVersion(db: SqliteDatabase): number {
  const exists = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = '__drizzle_migrations'").get();
  if (exists === undefined) return 0;
  const newest = db.prepare<[], { at: number | null }>('SELECT max(created_at) AS at FROM __drizzle_migrations').get();
  return newest?.at ?? 0;
}

function knownVersion(): number {
  return Math.max(...migrations().map(({ folderMillis }) => folderMillis));
}

let known: readonly MigrationMeta[] | undefined;

/** In the order in which they are applied; read once in a process. */
function migrations(): readonly MigrationMeta[] {
  return (known ??= readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER }));
}
