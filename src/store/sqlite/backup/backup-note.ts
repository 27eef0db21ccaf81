import type { SqliteDatabase } from '../database.ts';

/** The table that a backup has and an install has not: when and by what it was made, and what it must hold. */
const TABLE = 'backup_note';

export interface BackupNote {
  readonly madeAt: number;
  readonly version: string;
  readonly runs: number;
  readonly unfinished: number;
  readonly records: number;
}

/** What is counted to tell one backup from another, and a whole one from a part. */
export type BackupCounts = Pick<BackupNote, 'runs' | 'unfinished' | 'records'>;

export function writeNote(db: SqliteDatabase, note: BackupNote): void {
  db.exec(`CREATE TABLE ${TABLE} (made_at integer NOT NULL, version text NOT NULL, runs integer NOT NULL,
    unfinished integer NOT NULL, records integer NOT NULL)`);
  db.prepare(`INSERT INTO ${TABLE} VALUES (@madeAt, @version, @runs, @unfinished, @records)`).run(note);
}

/** Undefined for a copy of a database that was made in another way. */
export function readNote(db: SqliteDatabase): BackupNote | undefined {
  if (db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(TABLE) === undefined) return undefined;
  return db.prepare<[], BackupNote>(`SELECT made_at AS madeAt, version, runs, unfinished, records FROM ${TABLE}`).get();
}

/** Makes an install of a backup again. */
export function dropNote(db: SqliteDatabase): void {
  db.exec(`DROP TABLE IF EXISTS ${TABLE}`);
}

/** Counts runs and records from end to end: not where somebody waits. */
export function countContent(db: SqliteDatabase): BackupCounts {
  const count = (sql: string): number =>
    db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${sql}`).get()?.n ?? 0;
  const modules = db
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'm_*'")
    .all();
  return {
    runs: count('runs'),
    unfinished: count('runs WHERE ended_at IS NULL'),
    records: modules.reduce((sum, { name }) => sum + count(`"${name.replaceAll('"', '""')}"`), 0),
  };
}
