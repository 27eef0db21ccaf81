import type { FolderOptions } from './install-folder.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';

/**
 * The PostgreSQL database of the install a command is about: DATABASE_URL; undefined when the install is in its folder, as
 * those of the demo are.
 */
export function installDatabase(options: FolderOptions, shell: Pick<Shell, 'environment'>): string | undefined {
  return options.at === undefined ? shell.environment['DATABASE_URL'] || undefined : undefined;
}

/** A database as it is told to people: without user and password. */
export function databaseName(url: string): string {
  if (!URL.canParse(url)) return 'the database of DATABASE_URL';
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/** The database of a command that is about one. Throws a usage error when none is named. */
export function requireDatabase(options: FolderOptions, shell: Pick<Shell, 'environment'>): string {
  const database = installDatabase(options, shell);
  if (database !== undefined) return database;
  throw new UsageError('DATABASE_URL does not name a database', 'DATABASE_URL=postgres://user:password@host/database');
}
