import { MapwrightError } from '../../core/error.ts';
import type { CommitCounts } from '../../core/store-watch.ts';
import { storeClosed } from './postgres-failure.ts';
import { remedyFor } from './batch-remedy.ts';

/** One piece of work that shares a transaction with others. */
export interface BatchUnit {
  /** What it touches: two units with one of these texts in common are never under way at the same time, and keep their order. */
  readonly exclusive: readonly string[];
  /** Places that it takes in the server's table of locks. */
  readonly locks: readonly string[];
  /** About how many characters it sends. */
  readonly size: number;
  /** True: refused when too much is waiting already. False for work whose refusal would help nobody. */
  readonly refusable: boolean;
}

/** Carries out a batch in one transaction and gives each unit's answer; `committing` is called when all that is left is COMMIT. */
export type BatchWork<U, A> = (units: readonly U[], committing: () => void) => Promise<readonly A[]>;

const MOST_UNITS = 256;
/** A server's table of locks has 64 places for each connection it allows, unless it is set up otherwise. */
const MOST_LOCKS = 128;
/** A statement takes a gigabyte, and a batch is in memory several times. */
const GREATEST_SIZE = 16 * 1024 * 1024;
const CONNECTIONS = 2;
/** Fewer do not begin a transaction of their own while another is under way: they gather for the next. */
const WORTH_A_CONNECTION = 64;
/** How far ahead is looked for units that do not touch what others touch. */
const MOST_LOOKED_AT = 1024;
const MOST_WAITING = 20_000;
const MOST_TRIES = 6;

interface Entry<U, A> {
  readonly unit: U;
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers units while earlier ones are on their way, and commits up to 256 of them in one transaction. Each batch is made of
 * units that do not touch each other's things, so that all of them can be decided before any of them is written.
 * An answer is given after the commit, never before.
 */
export class CommitBatches<U extends BatchUnit, A> {
  readonly #work: BatchWork<U, A>;
  readonly #queue: Entry<U, A>[] = [];
  /** What the batches under way touch. */
  readonly #busy = new Set<string>();
  readonly #underWay = new Set<Promise<void>>();
  #scheduled = false;
  #closed = false;
  #transactions = 0;
  #units = 0;

  constructor(work: BatchWork<U, A>) {
    this.#work = work;
  }

  /** Resolves after the commit. Rejects with what the work rejects with, or STORE_UNAVAILABLE. */
  add(unit: U): Promise<A> {
    if (this.#closed) return Promise.reject(storeClosed());
    if (unit.refusable && this.#queue.length >= MOST_WAITING) return Promise.reject(overloaded(this.#queue.length));
    return new Promise<A>((resolve, reject) => {
      this.#queue.push({ unit, resolve, reject });
      this.#schedule();
    });
  }

  /** Transactions committed so far, and the units in them. */
  counts(): CommitCounts {
    return { transactions: this.#transactions, units: this.#units };
  }

  /** Commits what has been asked for; later units are rejected. Safe to repeat. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#startBatches();
    while (this.#underWay.size > 0) await Promise.race(this.#underWay);
  }

  /** What one turn of the event loop asks for goes together. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#startBatches();
    });
  }

  #startBatches(): void {
    while (this.#underWay.size < CONNECTIONS) {
      if (this.#underWay.size > 0 && this.#queue.length < WORTH_A_CONNECTION) return;
      const batch = this.#takeBatch();
      if (batch.length === 0) return;
      const done = this.#carryOut(batch).finally(() => {
        this.#underWay.delete(done);
        for (const { unit } of batch) for (const text of unit.exclusive) this.#busy.delete(text);
        this.#startBatches();
      });
      this.#underWay.add(done);
    }
  }

  #takeBatch(): Entry<U, A>[] {
    const taken: Entry<U, A>[] = [];
    const left: Entry<U, A>[] = [];
    // What waits keeps its place before later units that touch the same.
    const spokenFor = new Set<string>();
    let locks = 0;
    let size = 0;
    let looked = 0;
    for (const entry of this.#queue) {
      if (taken.length === MOST_UNITS || looked === MOST_LOOKED_AT) break;
      looked++;
      const { exclusive, locks: own } = entry.unit;
      const fits = taken.length === 0 || (locks + own.length <= MOST_LOCKS && size + entry.unit.size <= GREATEST_SIZE);
      const isFree = exclusive.every((text) => !this.#busy.has(text) && !spokenFor.has(text));
      if (fits && isFree) {
        taken.push(entry);
        locks += own.length;
        size += entry.unit.size;
      } else left.push(entry);
      for (const text of exclusive) spokenFor.add(text);
    }
    this.#queue.splice(0, looked, ...left);
    for (const { unit } of taken) for (const text of unit.exclusive) this.#busy.add(text);
    return taken;
  }

  /** Never rejects. */
  async #carryOut(batch: readonly Entry<U, A>[], tries: number = 1): Promise<void> {
    let isCommitting = false;
    try {
      const answers = await this.#work(
        batch.map(({ unit }) => unit),
        () => (isCommitting = true),
      );
      this.#transactions++;
      this.#units += batch.length;
      for (const [index, answer] of answers.entries()) batch[index]?.resolve(answer);
    } catch (thrown) {
      const remedy = tries < MOST_TRIES ? remedyFor(thrown, { isCommitting, units: batch.length, tries }) : 'reject';
      if (remedy === 'reject') for (const entry of batch) entry.reject(thrown);
      else if (remedy === 'repeat') await this.#carryOut(batch, tries + 1);
      else {
        const half = Math.ceil(batch.length / 2);
        await this.#carryOut(batch.slice(0, half));
        await this.#carryOut(batch.slice(half));
      }
    }
  }
}

function overloaded(waiting: number): MapwrightError {
  return new MapwrightError('STORE_UNAVAILABLE', `The database is behind: ${waiting} changes wait to be committed.`, {
    hint: 'Ask again in a moment. If it lasts, look at the load of the database server.',
    retryable: true,
  });
}
