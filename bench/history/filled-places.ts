import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { statement } from '../../test/store/postgres-cluster.ts';
import { historyStatements } from '../../tools/stage/filled-history.ts';
import { databaseServer } from '../journal/database-server.ts';
import { openPlace } from './history-subject.ts';

export type DatabaseName = 'sqlite' | 'postgres';

/** Where an install with a history is: a folder, or the address of a database. */
export interface FilledPlace {
  readonly place: string;
  readonly runs: number;
}

/** A new install with so many runs in it, which no process has open. */
export async function fillPlace(database: DatabaseName, folder: string, runs: number): Promise<FilledPlace> {
  const place = database === 'sqlite' ? folder : await (await databaseServer()).newInstall();
  if (database === 'sqlite') await mkdir(folder, { recursive: true });
  await (await openPlace(place)).close();
  if (database === 'sqlite') fillFile(join(folder, 'mapwright.db'), runs);
  else for (const sql of historyStatements('postgres', runs)) await statement(place, sql);
  return { place, runs };
}

/** Without waiting for the disk: whoever loses power here begins anew. */
function fillFile(file: string, runs: number): void {
  const db = new Database(file);
  try {
    db.pragma('synchronous = OFF');
    db.pragma('cache_size = -200000');
    for (const sql of historyStatements('sqlite', runs)) db.transaction(() => db.exec(sql))();
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}
