import type { RunId } from '../../core/run.ts';
import { IS_HELD } from '../hold-text.ts';
import type { Session } from './database.ts';
import { rowSet, texts } from './row-set.ts';
import { together } from './together.ts';

/** An accepted run before it has its id. */
export interface LaneMember {
  id: RunId;
}

/**
 * Lanes, as on SQLite: in each, at most one unfinished run holds the lane (it is due, held by a worker, or waits for anything
 * without letting others pass), and the others have `blocked_by` set and are not due. Whoever looks at a lane in order to
 * change it has locked it before, in an earlier statement of the same transaction.
 */
export class Lanes {
  readonly #states: ReadonlyMap<string, LaneState>;
  readonly #unblocked: { id: RunId; at: number }[] = [];
  readonly #rehung: { left: RunId; next: RunId }[] = [];

  private constructor(rows: readonly LaneRow[]) {
    this.#states = new Map(rows.map((row) => [row.lane, stateOf(row)]));
  }

  /** How the given lanes stand. */
  static async read(session: Session, lanes: readonly string[]): Promise<Lanes> {
    return new Lanes(lanes.length === 0 ? [] : await session.all<LaneRow>(LANES, [texts(lanes)]));
  }

  /** Takes `run` out of the lane that it held; gives the run that may go on then. */
  leave(lane: string, run: RunId, at: number): RunId | undefined {
    const state = this.#states.get(lane);
    if (state === undefined) return undefined;
    const { next } = state;
    if (isSame(state.last, run)) state.last = state.lastBlocked;
    if (next === undefined) return undefined;
    this.#unblocked.push({ id: next, at });
    this.#rehung.push({ left: run, next });
    return next;
  }

  /** Puts a new run at the end of its lane; gives the run that it has to wait for. */
  join(lane: string, run: LaneMember): LaneMember | undefined {
    const state = this.#states.get(lane);
    if (state === undefined) return undefined;
    const before = state.last;
    state.last = run;
    return before;
  }

  /** Takes `run`, which never held the lane, out of it: those behind it wait for the run that it was behind. */
  stepOut(run: RunId, blockedBy: RunId): void {
    this.#rehung.push({ left: run, next: blockedBy });
  }

  /** Writes what `leave` and `stepOut` changed. */
  async write(session: Session): Promise<void> {
    const statements: Promise<unknown>[] = [];
    if (this.#unblocked.length > 0) statements.push(session.run(UNBLOCK, unblocked.values(this.#unblocked)));
    if (this.#rehung.length > 0) statements.push(session.run(REHANG, rehung.values(this.#rehung)));
    await together(statements);
  }
}

interface LaneState {
  last: LaneMember | undefined;
  readonly lastBlocked: LaneMember | undefined;
  readonly next: RunId | undefined;
}

interface LaneRow {
  readonly lane: string;
  readonly last: RunId | null;
  readonly lastBlocked: RunId | null;
  readonly next: RunId | null;
}

function stateOf({ last, lastBlocked, next }: LaneRow): LaneState {
  const member = (id: RunId | null) => (id === null ? undefined : { id });
  return { last: member(last), lastBlocked: member(lastBlocked), next: next ?? undefined };
}

function isSame(member: LaneMember | undefined, run: RunId): boolean {
  return member?.id === run;
}

/** A run that waits and lets others pass does not hold its lane. */
const LETS_PASS = '(pass_when_waiting = 1 AND wait_for IS NOT NULL AND blocked_by IS NULL)';
const UNFINISHED = 'FROM runs WHERE lane = given.name AND ended_at IS NULL';

const LANES = `SELECT given.name AS lane,
    (SELECT id ${UNFINISHED} AND NOT ${LETS_PASS} ORDER BY lane DESC, id DESC LIMIT 1) AS last,
    (SELECT id ${UNFINISHED} AND blocked_by IS NOT NULL ORDER BY lane DESC, id DESC LIMIT 1) AS "lastBlocked",
    (SELECT id ${UNFINISHED} AND blocked_by IS NOT NULL ORDER BY lane, id LIMIT 1) AS next
  FROM unnest($1::text[]) AS given(name)`;

const unblocked = rowSet({ id: 'bigint', at: 'bigint' });
const rehung = rowSet({ left: 'bigint', next: 'bigint' });

// A run that waited for nothing but its turn waits for nothing now; any other keeps the wait it is claimed with.
const UNBLOCK = `UPDATE runs SET blocked_by = NULL, due_at = CASE WHEN ${IS_HELD} THEN NULL ELSE given.at END,
    wait_since = CASE WHEN wait_for = 'lane' THEN NULL ELSE wait_since END, wait_for = nullif(wait_for, 'lane')
  FROM ${unblocked.source} WHERE runs.id = given.id`;
const REHANG = `UPDATE runs SET blocked_by = given.next FROM ${rehung.source} WHERE blocked_by = given."left"`;

/** For each of these lanes the run that holds it; lanes without one are left out. */
export async function laneHolders(session: Session, lanes: readonly string[]): Promise<ReadonlyMap<string, RunId>> {
  const rows = await session.all<{ lane: string; id: RunId }>(HOLDERS, [texts(lanes)]);
  return new Map(rows.map(({ lane, id }) => [lane, id]));
}

const HOLDERS = `SELECT lane, id FROM runs
  WHERE lane = ANY($1::text[]) AND ended_at IS NULL AND blocked_by IS NULL AND NOT ${LETS_PASS}`;

/** Waits until nobody else has one of these locks, and keeps them to the end of the transaction. */
export async function lockTexts(session: Session, locks: readonly string[]): Promise<void> {
  if (locks.length > 0) await session.all(LOCK, [texts(locks)]);
}

// Everybody takes them in the order of their numbers, so that nobody waits in a circle.
const LOCK = `SELECT count(pg_advisory_xact_lock(number)) FROM
  (SELECT DISTINCT hashtextextended(name, 0) AS number FROM unnest($1::text[]) AS given(name) ORDER BY 1) AS sorted`;
