import { setTimeout as sleep } from 'node:timers/promises';

/** Rows of one transaction, with those that are written to remember it: fewer than 500. */
const MOST_ROWS = 480;
const FEWEST_ROWS = 20;
/** What a transaction should take: a save that comes in the middle of it waits no longer. */
const LONG_MS = 12;
const SHORT_MS = 4;
/** Between two transactions: so many times as long as the first of them took. */
const REST = 4;
const SHORTEST_REST_MS = 10;
const LONGEST_REST_MS = 2_000;

/** How fast removal may go: small transactions with pauses, smaller ones where the database is slow. */
export class RemovalPace {
  #rows = 60;
  readonly #signal: AbortSignal;
  readonly #now: () => number;

  /** @param now Milliseconds of a clock that is never set. */
  constructor(signal: AbortSignal, now: () => number = () => performance.now()) {
    this.#signal = signal;
    this.#now = now;
  }

  /** Rows that the next transaction may remove. */
  get rows(): number {
    return this.#rows;
  }

  /** Makes one transaction and rests. Rejects with the signal's reason when it is aborted. */
  async step<T>(work: (rows: number) => Promise<T>): Promise<T> {
    this.#signal.throwIfAborted();
    const begun = this.#now();
    const done = await work(this.#rows);
    const took = this.#now() - begun;
    if (took > LONG_MS) this.#rows = Math.max(FEWEST_ROWS, Math.floor(this.#rows / 2));
    else if (took < SHORT_MS) this.#rows = Math.min(MOST_ROWS, Math.ceil(this.#rows * 1.5));
    const rest = Math.min(LONGEST_REST_MS, Math.max(SHORTEST_REST_MS, took * REST));
    await sleep(rest, undefined, { signal: this.#signal, ref: false });
    return done;
  }
}
