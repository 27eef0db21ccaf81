import type { SqliteDatabase } from './database.ts';

/** The install's own id; throws when the database was never opened by an owner. */
export function readInstallId(db: SqliteDatabase): string {
  const row = db.prepare<[], { installId: string }>('SELECT install_id AS installId FROM install').get();
  if (row === undefined) throw new Error('the database names no install');
  return row.installId;
}
