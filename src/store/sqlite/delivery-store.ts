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
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { guarded } from './sqlite-failure.ts';

/** Notices that leave the product, on SQLite. */
export class Deliveries {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase) {
    this.#sql = prepare(db);
  }

  /** To be called inside a unit of the group commit. */
  add({ way, to, cause, run, task, content }: NewDelivery, at: number): void {
    this.#sql.insert.run(at, way, to, cause, run ?? NO_RUN, task, JSON.stringify(content), at);
  }

  nextDue(): number | undefined {
    return this.#sql.next.get()?.dueAt ?? undefined;
  }

  /** To be called inside a unit of the group commit. */
  claim({ now, leaseMs, perHour }: Parameters<DeliveryStore['claim']>[0]): DeliveryBatch | undefined {
    for (;;) {
      const due = this.#sql.due.get(now);
      if (due === undefined) return undefined;
      const heldUntil = due.batch === null && due.held === 0 ? this.#heldUntil(due, now, perHour) : undefined;
      if (heldUntil !== undefined) {
        this.#sql.hold.run({ ...receiverOf(due), until: heldUntil });
        continue;
      }
      if (due.batch === null && due.held === 1) this.#sql.gather.run({ ...receiverOf(due), batch: due.id, now });
      else if (due.batch === null) this.#sql.single.run(due.id, due.id);
      return this.#lease(due.batch ?? due.id, now + leaseMs);
    }
  }

  /** To be called inside a unit of the group commit. */
  settle(batch: number, at: number, outcome: DeliveryOutcome): void {
    const state: DeliveryState = outcome.kind === 'later' ? 'waiting' : outcome.kind;
    const dueAt = outcome.kind === 'later' ? outcome.dueAt : null;
    const problem = outcome.kind === 'sent' ? null : outcome.problem;
    this.#sql.settle.run({ batch, state, dueAt, endedAt: outcome.kind === 'later' ? null : at, problem });
  }

  ofRun(run: number): DeliveryRow[] {
    return this.#sql.ofRun.all(run);
  }

  /** When a storm lets the next notice of this cause out; undefined when there is none. */
  #heldUntil(due: DeliveryRow, now: number, perHour: number): number | undefined {
    const since = now - STORM_WINDOW_MS;
    const { sent, first } = this.#sql.sent.get({ ...receiverOf(due), since }) ?? { sent: 0, first: null };
    return sent < perHour ? undefined : (first ?? now) + STORM_WINDOW_MS;
  }

  #lease(batch: number, until: number): DeliveryBatch {
    this.#sql.lease.run(until, batch);
    const rows = this.#sql.members.all(batch, SHOWN_DELIVERIES);
    const count = this.#sql.count.get(batch)?.count ?? rows.length;
    return { id: batch, deliveries: rows.map(deliveryOf), count, attempts: rows[0]?.attempts ?? 1 };
  }
}

/** A delivery store on SQLite. */
export function createDeliveryStore(deliveries: Deliveries, commits: GroupCommit): DeliveryStore {
  return {
    nextDue: guarded(() => deliveries.nextDue()),
    claim: (params) => commits.write(() => deliveries.claim(params)),
    settle: ({ batch, at, outcome }) => commits.write(() => deliveries.settle(batch, at, outcome)),
    ofRun: guarded((run) => deliveries.ofRun(run).map(deliveryOf)),
  };
}

type Receiver = Pick<DeliveryRow, 'way' | 'receiver' | 'cause'>;

function receiverOf({ way, receiver, cause }: DeliveryRow): Receiver {
  return { way, receiver, cause };
}

function prepare(db: SqliteDatabase) {
  const same = 'way = @way AND receiver = @receiver AND cause = @cause';
  return {
    insert: db.prepare<[number, string, string, string, number, string, string, number]>(
      `INSERT INTO deliveries (at, way, receiver, cause, run, task, content, state, attempts, due_at, held)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?, 0)`,
    ),
    next: db.prepare<[], { dueAt: number | null }>(
      'SELECT min(due_at) AS dueAt FROM deliveries WHERE due_at IS NOT NULL',
    ),
    due: db.prepare<[number], DeliveryRow>(
      `SELECT ${DELIVERY_COLUMNS} FROM deliveries WHERE due_at <= ? ORDER BY due_at, sequence LIMIT 1`,
    ),
    sent: db.prepare<Receiver & { readonly since: number }, { sent: number; first: number | null }>(
      `SELECT count(*) AS sent, min(ended_at) AS first FROM deliveries
       WHERE ${same} AND batch = sequence AND (ended_at > @since OR ended_at IS NULL)`,
    ),
    hold: db.prepare<Receiver & { readonly until: number }>(
      `UPDATE deliveries SET held = 1, due_at = @until WHERE ${same} AND batch IS NULL AND due_at < @until`,
    ),
    gather: db.prepare<Receiver & { readonly batch: number; readonly now: number }>(
      `UPDATE deliveries SET batch = @batch WHERE ${same} AND batch IS NULL AND held = 1 AND due_at <= @now`,
    ),
    single: db.prepare<[number, number]>('UPDATE deliveries SET batch = ? WHERE sequence = ?'),
    lease: db.prepare<[number, number]>(
      'UPDATE deliveries SET due_at = ?, attempts = attempts + 1 WHERE batch = ? AND due_at IS NOT NULL',
    ),
    members: db.prepare<[number, number], DeliveryRow>(
      `SELECT ${DELIVERY_COLUMNS} FROM deliveries WHERE batch = ? ORDER BY sequence LIMIT ?`,
    ),
    count: db.prepare<[number], { count: number }>('SELECT count(*) AS count FROM deliveries WHERE batch = ?'),
    settle: db.prepare<{
      readonly batch: number;
      readonly state: DeliveryState;
      readonly dueAt: number | null;
      readonly endedAt: number | null;
      readonly problem: string | null;
    }>(
      `UPDATE deliveries SET state = @state, due_at = @dueAt, ended_at = @endedAt, problem = @problem
       WHERE batch = @batch AND due_at IS NOT NULL`,
    ),
    ofRun: db.prepare<[number], DeliveryRow>(
      `SELECT ${DELIVERY_COLUMNS} FROM deliveries WHERE run = ? ORDER BY sequence LIMIT 200`,
    ),
  };
}
