import type { JsonObject } from '../../core/json.ts';
import type { OperationQueue } from '../../core/operation-queue.ts';
import { FORGOTTEN_PER_ANSWER, MOST_READ } from '../operation-limits.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { guarded } from './sqlite-failure.ts';

interface OperationRow {
  readonly id: string;
  readonly user: string;
  readonly operation: string;
  readonly parameters: string;
  readonly dueAt: number;
  readonly attempts: number;
}

/** Queued operations on SQLite. */
export function createOperationQueue(db: SqliteDatabase, commits: GroupCommit): OperationQueue {
  const sql = prepare(db);
  return {
    add: ({ id, user, operation, parameters, dueAt }) =>
      commits.write(() => void sql.insert.run(id, user, operation, JSON.stringify(parameters), dueAt)),
    due: guarded(({ now, limit }) =>
      sql.due.all(now, limit, MOST_READ).map((row) => ({ ...row, parameters: readObject(row.parameters) })),
    ),
    nextDue: guarded(() => sql.next.get()?.dueAt ?? undefined),
    begin: (id) => commits.write(() => void sql.count.run(1, id)),
    release: (id) => commits.write(() => void sql.count.run(-1, id)),
    finish: ({ id, answer, now, keptUntil }) =>
      commits.write(() => {
        sql.forget.run(now, FORGOTTEN_PER_ANSWER);
        sql.finish.run(JSON.stringify(answer), keptUntil, id);
      }),
    result: guarded((id) => {
      const row = sql.result.get(id);
      return row && { user: row.user, answer: row.answer === null ? undefined : readObject(row.answer) };
    }),
  };
}

function readObject(text: string): JsonObject {
  return JSON.parse(text);
}

function prepare(db: SqliteDatabase) {
  return {
    insert: db.prepare<[string, string, string, string, number]>(
      'INSERT INTO queued_operations (id, user, operation, parameters, due_at) VALUES (?, ?, ?, ?, ?)',
    ),
    due: db.prepare<[number, number, number], OperationRow>(
      `SELECT id, user, operation, parameters, dueAt, attempts FROM
         (SELECT id, user, operation, parameters, due_at AS dueAt, attempts, sequence,
            row_number() OVER first_due AS place, sum(length(parameters)) OVER first_due AS size
          FROM (SELECT * FROM queued_operations WHERE due_at <= ? ORDER BY due_at, sequence LIMIT ?)
          WINDOW first_due AS (ORDER BY due_at, sequence))
       WHERE place = 1 OR size <= ? ORDER BY dueAt, sequence`,
    ),
    next: db.prepare<[], { dueAt: number | null }>(
      'SELECT min(due_at) AS dueAt FROM queued_operations WHERE due_at IS NOT NULL',
    ),
    count: db.prepare<[number, string]>(
      'UPDATE queued_operations SET attempts = max(0, attempts + ?) WHERE id = ? AND answer IS NULL',
    ),
    finish: db.prepare<[string, number, string]>(
      `UPDATE queued_operations SET answer = ?, kept_until = ?, due_at = NULL, parameters = '{}'
       WHERE id = ? AND answer IS NULL`,
    ),
    forget: db.prepare<[number, number]>(
      `DELETE FROM queued_operations WHERE sequence IN
         (SELECT sequence FROM queued_operations WHERE kept_until <= ? ORDER BY kept_until LIMIT ?)`,
    ),
    result: db.prepare<[string], { user: string; answer: string | null }>(
      'SELECT user, answer FROM queued_operations WHERE id = ?',
    ),
  };
}
