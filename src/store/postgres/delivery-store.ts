import {
  type DeliveryBatch,
  type DeliveryOutcome,
  type DeliveryState,
  type DeliveryStore,
  type NewDelivery,
  SHOWN_DELIVERIES,
  STORM_WINDOW_MS,
} from '../../core/delivery.ts';
import { DELIVERY_COLUMNS, NO_RUN, deliveryOf } from '../delivery-row.ts';
import type { DeliveryRow } from '../delivery-row.ts';
import type { PostgresDatabase, Session } from './database.ts';
import { columnOf } from './row-set.ts';

/** Held while a batch is chosen, so that of several nodes each gets another one, and none more than a storm lets out. */
const CLAIM_LOCK = 0x4d504456;

/** Notices that leave the product, on PostgreSQL; they are added by whoever commits the unit of work. */
export function createDeliveryStore(db: PostgresDatabase): DeliveryStore {
  return {
    async nextDue() {
      const [row] = await db.all<{ dueAt: number | null }>(
        'SELECT min(due_at) AS "dueAt" FROM deliveries WHERE due_at IS NOT NULL',
      );
      return row?.dueAt ?? undefined;
    },
    claim: (params) =>
      db.transaction(async (session) => {
        await session.run('SELECT pg_advisory_xact_lock($1)', [CLAIM_LOCK]);
        return claim(session, params);
      }),
    settle: async ({ batch, at, outcome }) => settle(db, { batch, at, outcome }),
    async ofRun(run) {
      const sql = `SELECT ${DELIVERY_COLUMNS} FROM deliveries WHERE run = $1 ORDER BY sequence LIMIT 200`;
      return (await db.all<DeliveryRow>(sql, [run])).map(deliveryOf);
    },
  };
}

/** Adds what a batch of units sends out, in one statement. */
export async function insertDeliveries(
  session: Session,
  deliveries: readonly (NewDelivery & { readonly at: number })[],
): Promise<void> {
  if (deliveries.length === 0) return;
  await session.run(
    `INSERT INTO deliveries (at, way, receiver, cause, run, task, content, state, attempts, due_at, held)
     SELECT at, way, receiver, cause, run, task, content, 'waiting', 0, at, 0
     FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[])
       WITH ORDINALITY AS given(at, way, receiver, cause, run, task, content, place)
     ORDER BY place`,
    [
      columnOf(
        'bigint',
        deliveries.map(({ at }) => at),
      ),
      columnOf(
        'text',
        deliveries.map(({ way }) => way),
      ),
      columnOf(
        'text',
        deliveries.map(({ to }) => to),
      ),
      columnOf(
        'text',
        deliveries.map(({ cause }) => cause),
      ),
      columnOf(
        'bigint',
        deliveries.map(({ run }) => run ?? NO_RUN),
      ),
      columnOf(
        'text',
        deliveries.map(({ task }) => task),
      ),
      columnOf(
        'text',
        deliveries.map(({ content }) => JSON.stringify(content)),
      ),
    ],
  );
}

const SAME = 'way = $1 AND receiver = $2 AND cause = $3';

async function claim(
  session: Session,
  { now, leaseMs, perHour }: Parameters<DeliveryStore['claim']>[0],
): Promise<DeliveryBatch | undefined> {
  for (;;) {
    const [due] = await session.all<DeliveryRow>(
      `SELECT ${DELIVERY_COLUMNS} FROM deliveries WHERE due_at <= $1 ORDER BY due_at, sequence LIMIT 1`,
      [now],
    );
    if (due === undefined) return undefined;
    const heldUntil =
      due.batch === null && due.held === 0 ? await untilFree(session, due, { now, perHour }) : undefined;
    const receiver = [due.way, due.receiver, due.cause];
    if (heldUntil !== undefined) {
      const hold = `UPDATE deliveries SET held = 1, due_at = $4 WHERE ${SAME} AND batch IS NULL AND due_at < $4`;
      await session.run(hold, [...receiver, heldUntil]);
      continue;
    }
    if (due.batch === null && due.held === 1) {
      const gather = `UPDATE deliveries SET batch = $4 WHERE ${SAME} AND batch IS NULL AND held = 1 AND due_at <= $5`;
      await session.run(gather, [...receiver, due.id, now]);
    } else if (due.batch === null) {
      await session.run('UPDATE deliveries SET batch = $1 WHERE sequence = $1', [due.id]);
    }
    return lease(session, due.batch ?? due.id, now + leaseMs);
  }
}

/** When a storm lets the next notice of this cause out; undefined when there is none. */
async function untilFree(
  session: Session,
  due: DeliveryRow,
  { now, perHour }: { readonly now: number; readonly perHour: number },
): Promise<number | undefined> {
  const [row] = await session.all<{ sent: number; first: number | null }>(
    `SELECT count(*) AS sent, min(ended_at) AS first FROM deliveries
     WHERE ${SAME} AND batch = sequence AND (ended_at > $4 OR ended_at IS NULL)`,
    [due.way, due.receiver, due.cause, now - STORM_WINDOW_MS],
  );
  const { sent = 0, first = null } = row ?? {};
  return sent < perHour ? undefined : (first ?? now) + STORM_WINDOW_MS;
}

async function lease(session: Session, batch: number, until: number): Promise<DeliveryBatch> {
  await session.run(
    'UPDATE deliveries SET due_at = $1, attempts = attempts + 1 WHERE batch = $2 AND due_at IS NOT NULL',
    [until, batch],
  );
  const rows = await session.all<DeliveryRow>(
    `SELECT ${DELIVERY_COLUMNS} FROM deliveries WHERE batch = $1 ORDER BY sequence LIMIT ${SHOWN_DELIVERIES}`,
    [batch],
  );
  const [counted] = await session.all<{ count: number }>('SELECT count(*) AS count FROM deliveries WHERE batch = $1', [
    batch,
  ]);
  const count = counted?.count ?? rows.length;
  return { id: batch, deliveries: rows.map(deliveryOf), count, attempts: rows[0]?.attempts ?? 1 };
}

async function settle(
  session: Session,
  { batch, at, outcome }: { readonly batch: number; readonly at: number; readonly outcome: DeliveryOutcome },
): Promise<void> {
  const state: DeliveryState = outcome.kind === 'later' ? 'waiting' : outcome.kind;
  await session.run(
    `UPDATE deliveries SET state = $2, due_at = $3::bigint, ended_at = $4::bigint, problem = $5::text
     WHERE batch = $1 AND due_at IS NOT NULL`,
    [
      batch,
      state,
      outcome.kind === 'later' ? outcome.dueAt : null,
      outcome.kind === 'later' ? null : at,
      outcome.kind === 'sent' ? null : outcome.problem,
    ],
  );
}
