import type { Delivery, DeliveryState, NewDelivery } from '../core/delivery.ts';

/** A notice that leaves the product as the databases keep one. */
export interface DeliveryRow {
  readonly id: number;
  readonly at: number;
  readonly way: NewDelivery['way'];
  readonly receiver: string;
  readonly cause: string;
  /** 0: of no run. */
  readonly run: number;
  readonly task: string;
  /** JSON. */
  readonly content: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly dueAt: number | null;
  readonly endedAt: number | null;
  readonly problem: string | null;
  readonly held: number;
  /** The first notice of those that go out together. */
  readonly batch: number | null;
}

/** What the column of the run holds for a notice of no run: runs count from 1. */
export const NO_RUN = 0;

/** The columns of a `DeliveryRow`. */
export const DELIVERY_COLUMNS = `sequence AS id, at, way, receiver, cause, run, task, content, state, attempts,
  due_at AS "dueAt", ended_at AS "endedAt", problem, held, batch`;

/** The notice of a row. */
export function deliveryOf(row: DeliveryRow): Delivery {
  const { id, at, way, receiver, cause, run, task, state, attempts, problem } = row;
  return {
    id,
    at,
    way,
    to: receiver,
    cause,
    run: run === NO_RUN ? undefined : run,
    task,
    content: JSON.parse(row.content),
    state,
    attempts,
    dueAt: row.dueAt ?? undefined,
    endedAt: row.endedAt ?? undefined,
    problem: problem ?? undefined,
    isHeld: row.held === 1 && row.batch === null,
  };
}
