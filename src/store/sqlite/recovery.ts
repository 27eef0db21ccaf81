import type { GivenNumbers, HeldWork, Recovery } from '../../core/recovery.ts';
import { HOLD } from '../hold-text.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import type { NumberSequence } from './number-sequence.ts';

const NOTHING: HeldWork = { runs: 0, jobs: 0, schedules: 0 };

/** Prepares a database of the past for going on; see `Recovery`. */
export function createRecovery(parts: {
  readonly db: SqliteDatabase;
  readonly commits: GroupCommit;
  readonly numbers: NumberSequence;
}): Recovery {
  const { db, commits, numbers } = parts;
  return {
    afterRestore: ({ at, ahead, given, hold }) =>
      commits.write(() => {
        const here = givenNumbers(db);
        numbers.observe(Math.max(here.recordsBelow, given?.recordsBelow ?? 0) + ahead - 1);
        const names = new Set([...Object.keys(here.rows), ...Object.keys(given?.rows ?? {})]);
        for (const name of names) raise(db, name, Math.max(here.rows[name] ?? 0, given?.rows[name] ?? 0) + ahead);
        return hold ? holdAll(db, at) : NOTHING;
      }),
  };
}

/** The numbers that a database has given. */
export function givenNumbers(db: SqliteDatabase): GivenNumbers {
  const below = db.prepare<[], { below: number }>('SELECT numbers_below AS below FROM install').get()?.below ?? 1;
  const tables = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND sqlite_schema.name = sqlite_sequence.name";
  const counted = db
    .prepare<[], { name: string; last: number }>(
      `SELECT name, seq AS last FROM sqlite_sequence WHERE EXISTS (${tables}) AND seq > 0`,
    )
    .all();
  return { recordsBelow: below, rows: Object.fromEntries(counted.map(({ name, last }) => [name, last])) };
}

function raise(db: SqliteDatabase, name: string, to: number): void {
  const raised = db.prepare<[number, string]>('UPDATE sqlite_sequence SET seq = ? WHERE name = ?').run(to, name);
  if (raised.changes > 0) return;
  db.prepare<[string, number]>('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(name, to);
}

function holdAll(db: SqliteDatabase, at: number): HeldWork {
  const runs = db.prepare<[number]>(HOLD.runs).run(at).changes;
  db.prepare(HOLD.inbox).run();
  db.prepare<[number]>(HOLD.items).run(at);
  const jobs = db.prepare<[number]>(HOLD.jobs).run(at).changes;
  const schedules = db.prepare<[number, number]>(HOLD.schedules).run(at, at).changes;
  return { runs, jobs, schedules };
}
