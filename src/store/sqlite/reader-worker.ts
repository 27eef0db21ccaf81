import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { messageOf } from '../../core/error.ts';
import { openForReading } from './database.ts';
import type { SqlText, SqlValue } from './query-sql.ts';

/** A query for the reader thread. */
export interface ReaderRequest extends SqlText {
  readonly id: number;
}

/** What the reader thread answers: rows as lists of values, or SQLite's result code with its message. */
export type ReaderAnswer =
  | { readonly id: number; readonly rows: readonly (readonly SqlValue[])[] }
  | { readonly id: number; readonly code: string; readonly message: string };

const MOST_STATEMENTS = 200;

// The reader thread: one connection of its own, so that a slow query holds up nobody but other queries.
const db = openForReading(String(workerData));
const statements = new Map<string, ReturnType<typeof prepare>>();

parentPort?.on('message', (request: ReaderRequest) => {
  parentPort?.postMessage(answer(request));
});

function answer({ id, sql, values }: ReaderRequest): ReaderAnswer {
  try {
    return { id, rows: statementFor(sql).all(...values) };
  } catch (thrown) {
    const code = thrown instanceof Database.SqliteError ? thrown.code : '';
    return { id, code, message: messageOf(thrown) };
  }
}

function statementFor(sql: string): ReturnType<typeof prepare> {
  const known = statements.get(sql);
  if (known !== undefined) return known;
  if (statements.size >= MOST_STATEMENTS) statements.clear();
  const statement = prepare(sql);
  statements.set(sql, statement);
  return statement;
}

function prepare(sql: string) {
  return db.prepare<SqlValue[], SqlValue[]>(sql).raw();
}
