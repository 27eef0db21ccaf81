import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { messageOf } from '../../core/error.ts';
import { openForReading } from './database.ts';
import type { SqlText, SqlValue } from '../sql-text.ts';

/** A query of which one page is wanted, and how many rows there are; the values are those of both texts. */
export interface PageQuery extends SqlText {
  readonly countSql: string;
  readonly limit: number;
  readonly offset: number;
}

/** A query for the reader thread. */
export interface ReaderRequest {
  readonly id: number;
  readonly query: SqlText | PageQuery;
}

/** What the reader thread answers: rows as lists of values and how many there are, or SQLite's result code with its message. */
export type ReaderAnswer =
  | { readonly id: number; readonly rows: readonly (readonly SqlValue[])[]; readonly total: number }
  | { readonly id: number; readonly code: string; readonly message: string };

const MOST_STATEMENTS = 200;

// The reader thread: one connection of its own, so that a slow query holds up nobody but other queries.
const db = openForReading(String(workerData));
const statements = new Map<string, ReturnType<typeof prepare>>();

parentPort?.on('message', (request: ReaderRequest) => {
  parentPort?.postMessage(answer(request));
});

const readPage = db.transaction(({ sql, countSql, values, limit, offset }: PageQuery) => {
  const rows = statementFor(`${sql} LIMIT ? OFFSET ?`).all(...values, limit, offset);
  const isLastPage = rows.length < limit && (rows.length > 0 || offset === 0);
  const total = isLastPage ? offset + rows.length : Number(statementFor(countSql).get(...values)?.[0]);
  return { rows, total };
});

function answer({ id, query }: ReaderRequest): ReaderAnswer {
  try {
    if ('countSql' in query) return { id, ...readPage(query) };
    const rows = statementFor(query.sql).all(...query.values);
    return { id, rows, total: rows.length };
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
