import type { Clock } from '../../core/clock.ts';
import type { SharedClock } from '../../core/node.ts';
import type { Session } from './database.ts';

/** A clock that shows more or less than it counted by this much was set, or the machine slept. */
const SET_BY_MS = 3_000;

/** How a `DatabaseClock` is made. */
export interface DatabaseClockParams {
  /** Gives the time of the database. */
  readonly ask: () => Promise<number>;
  /** The clock of this machine. */
  readonly own: Clock;
  /** Milliseconds from some moment on, which nobody sets. */
  readonly count?: () => number;
}

/**
 * The time of the database, by which all nodes tell what is due and what is held: asked for from time to time, and counted
 * on in between by what nobody can set. The machine's own clock may show anything.
 */
export class DatabaseClock implements SharedClock {
  readonly #ask: () => Promise<number>;
  readonly #own: Clock;
  readonly #count: () => number;
  /** The time of the database, and what the own clock showed, when the count was at nothing. */
  #origin: number;
  #ownOrigin: number;
  #isAsked = false;
  #looking: Promise<void> | undefined;

  constructor({ ask, own, count = () => performance.now() }: DatabaseClockParams) {
    this.#ask = ask;
    this.#own = own;
    this.#count = count;
    this.#origin = this.#ownOrigin = own.now() - count();
  }

  now(): number {
    // Nobody waits for it here; whoever has to be sure asks.
    if (this.#isAsked && this.#wasSet()) this.look().catch(() => undefined);
    return Math.round(this.#origin + this.#count());
  }

  lead(): number {
    return Math.round(this.#ownOrigin - this.#origin);
  }

  look(): Promise<void> {
    return (this.#looking ??= this.#measure().finally(() => (this.#looking = undefined)));
  }

  async isSure(): Promise<boolean> {
    if (this.#wasSet()) await this.look().catch(() => undefined);
    return !this.#wasSet();
  }

  /** The server looked at its clock at some moment between the question and the answer: what fits to that stays as it is. */
  async #measure(): Promise<void> {
    const ownOrigin = this.#own.now() - this.#count();
    const askedAt = this.#count();
    const at = await this.#ask();
    const answeredAt = this.#count();
    this.#origin = Math.min(Math.max(this.#origin, at - answeredAt), at - askedAt);
    this.#ownOrigin = ownOrigin;
    this.#isAsked = true;
  }

  #wasSet(): boolean {
    return Math.abs(this.#own.now() - this.#count() - this.#ownOrigin) > SET_BY_MS;
  }
}

/** What the clock of the database's machine shows, in milliseconds since the epoch. */
export async function serverTime(session: Session): Promise<number> {
  const [row] = await session.all<{ at: number }>(SERVER_TIME);
  return row?.at ?? 0;
}

const SERVER_TIME = 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS at';
