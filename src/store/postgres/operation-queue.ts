import type { JsonObject } from '../../core/json.ts';
import type { OperationQueue, WaitingOperation } from '../../core/operation-queue.ts';
import { FORGOTTEN_PER_ANSWER, MOST_READ } from '../operation-limits.ts';
import type { PostgresDatabase, Session } from './database.ts';
import { OPERATION_LEASE_MS } from './operation-leases.ts';
import type { OperationLeases } from './operation-leases.ts';
import { Turns } from './turns.ts';

interface OperationRow extends Omit<WaitingOperation, 'parameters'> {
  readonly sequence: number;
  readonly parameters: string;
}

/** Held while a node takes operations: a moment, by one node at a time. */
const TAKING_LOCK = 0x4d505751;

/**
 * Queued operations on PostgreSQL. `due` leases what it gives to this node, which renews the leases while it lives. Of
 * each user one node alone holds any, because a user's operations go one after another.
 */
export function createOperationQueue(db: PostgresDatabase, leases: OperationLeases): OperationQueue {
  const turns = new Turns();
  const { owner } = leases;
  return {
    add: ({ id, user, operation, parameters, dueAt }) =>
      turns.take(async () => {
        await db.run(
          'INSERT INTO queued_operations (id, "user", operation, parameters, due_at) VALUES ($1, $2, $3, $4, $5)',
          [id, user, operation, JSON.stringify(parameters), dueAt],
        );
      }),
    async due({ now, limit }) {
      const taken = await db.transaction((session) => take(session, { owner, now, limit }));
      if (taken.length > 0) leases.keep();
      return taken;
    },
    nextDue: () => nextDue(db, owner),
    begin: (id) => count(db, id, 1),
    release: (id) => count(db, id, -1),
    finish: (finished) => db.transaction((session) => finish(session, finished)),
    async result(id) {
      const [row] = await db.all<{ user: string; answer: string | null }>(
        'SELECT "user", answer FROM queued_operations WHERE id = $1',
        [id],
      );
      return row && { user: row.user, answer: row.answer === null ? undefined : readObject(row.answer) };
    },
  };
}

async function take(
  session: Session,
  { owner, now, limit }: { readonly owner: string; readonly now: number; readonly limit: number },
): Promise<readonly WaitingOperation[]> {
  await session.run('SELECT pg_advisory_xact_lock($1)', [TAKING_LOCK]);
  const rows = await session.all<OperationRow>(
    `SELECT sequence, id, "user", operation, parameters, due_at AS "dueAt", attempts FROM
       (SELECT *, row_number() OVER first_due AS place, sum(length(parameters)) OVER first_due AS size
        FROM (SELECT * FROM queued_operations AS waiting WHERE due_at <= $2 AND NOT EXISTS
                (SELECT 1 FROM queued_operations AS held WHERE held."user" = waiting."user"
                 AND held.lease_owner IS NOT NULL AND held.lease_owner <> $1 AND held.lease_until > $2)
              ORDER BY due_at, sequence LIMIT $3) AS first
        WINDOW first_due AS (ORDER BY due_at, sequence)) AS measured
     WHERE place = 1 OR size <= $4 ORDER BY due_at, sequence`,
    [owner, now, limit, MOST_READ],
  );
  await session.run(
    'UPDATE queued_operations SET lease_owner = $1, lease_until = $2 WHERE sequence = ANY($3::bigint[])',
    [owner, now + OPERATION_LEASE_MS, rows.map(({ sequence }) => sequence)],
  );
  return rows.map(({ sequence: _sequence, parameters, ...row }) => ({ ...row, parameters: readObject(parameters) }));
}

/** An operation of a user of whom another node holds some is due when that node's leases end, at the latest. */
async function nextDue(session: Session, owner: string): Promise<number | undefined> {
  const [row] = await session.all<{ dueAt: number | null }>(
    `SELECT min(greatest(due_at, held_until)) AS "dueAt" FROM queued_operations AS waiting LEFT JOIN
       (SELECT "user" AS holder, max(lease_until) AS held_until FROM queued_operations
        WHERE lease_owner IS NOT NULL AND lease_owner <> $1 GROUP BY "user") AS held ON holder = waiting."user"
     WHERE due_at IS NOT NULL`,
    [owner],
  );
  return row?.dueAt ?? undefined;
}

async function count(session: Session, id: string, difference: 1 | -1): Promise<void> {
  await session.run(
    'UPDATE queued_operations SET attempts = greatest(0, attempts + $1) WHERE id = $2 AND answer IS NULL',
    [difference, id],
  );
}

async function finish(
  session: Session,
  { id, answer, now, keptUntil }: Parameters<OperationQueue['finish']>[0],
): Promise<void> {
  await session.run(
    `DELETE FROM queued_operations WHERE sequence IN
       (SELECT sequence FROM queued_operations WHERE kept_until <= $1 ORDER BY kept_until LIMIT $2
        FOR UPDATE SKIP LOCKED)`,
    [now, FORGOTTEN_PER_ANSWER],
  );
  await session.run(
    `UPDATE queued_operations SET answer = $1, kept_until = $2, due_at = NULL, parameters = '{}',
       lease_owner = NULL, lease_until = NULL
     WHERE id = $3 AND answer IS NULL`,
    [JSON.stringify(answer), keptUntil, id],
  );
}

function readObject(text: string): JsonObject {
  return JSON.parse(text);
}
