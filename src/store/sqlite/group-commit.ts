import type { SqliteDatabase } from './database.ts';
import { storeClosed, storeFailure, unavailable } from './sqlite-failure.ts';

const MOST_UNITS = 256;
const LONGEST_BATCH_MS = 4;

/** Returned by a unit: what it did is undone, and its promise resolves to `answer` nevertheless. */
export class Undo<T> {
  readonly answer: T;

  constructor(answer: T) {
    this.answer = answer;
  }
}

/** One piece of work of the open batch. `run` gives what to do once the batch's commit has succeeded. */
interface Unit {
  readonly run: () => () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Puts the writes of one event-loop turn into one transaction, so that they share the wait for the disk.
 * Each unit is undone alone when it fails; a commit that fails rejects them all. No promise resolves before its commit.
 */
export class GroupCommit {
  readonly #db: SqliteDatabase;
  readonly #sql: ReturnType<typeof prepare>;
  #queue: Unit[] = [];
  #scheduled = false;
  #closed = false;
  #count = 0;

  constructor(db: SqliteDatabase) {
    this.#db = db;
    this.#sql = prepare(db);
  }

  /** Transactions committed so far. */
  get count(): number {
    return this.#count;
  }

  /** Runs `work` inside the next transaction. Rejects with what `work` throws, or STORE_UNAVAILABLE. */
  write<T>(work: () => T | Undo<T>): Promise<T> {
    if (this.#closed) return Promise.reject(storeClosed());
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ run: () => this.#runOne(work, resolve), reject });
      this.#schedule();
    });
  }

  /** Commits what is queued; later writes are rejected. */
  close(): void {
    this.#closed = true;
    while (this.#queue.length > 0) this.#flush();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  #runOne<T>(work: () => T | Undo<T>, resolve: (value: T) => void): () => void {
    const value = work();
    if (!(value instanceof Undo)) return () => resolve(value);
    this.#sql.undo.run();
    return () => resolve(value.answer);
  }

  #flush(): void {
    const settled: (() => void)[] = [];
    const taken: Unit[] = [];
    try {
      if (this.#queue.length === 0) return;
      this.#sql.begin.run();
      this.#runBatch(taken, settled);
      this.#sql.commit.run();
      this.#count++;
    } catch (thrown) {
      if (taken.length === 0) taken.push(...this.#queue.splice(0, MOST_UNITS));
      this.#abandon(taken, thrown);
      return;
    }
    for (const settle of settled) settle();
  }

  #runBatch(taken: Unit[], settled: (() => void)[]): void {
    const end = performance.now() + LONGEST_BATCH_MS;
    let index = 0;
    for (const unit of this.#queue) {
      if (index >= MOST_UNITS || (index > 0 && performance.now() > end)) break;
      index++;
      taken.push(unit);
      settled.push(this.#runUnit(unit));
    }
    this.#queue = this.#queue.slice(index);
  }

  #runUnit(unit: Unit): () => void {
    this.#sql.savepoint.run();
    try {
      const settle = unit.run();
      this.#sql.release.run();
      return settle;
    } catch (thrown) {
      // Some failures (disk full, input/output) make SQLite end the whole transaction by itself.
      if (!this.#db.inTransaction) throw thrown;
      this.#sql.undo.run();
      this.#sql.release.run();
      return () => unit.reject(storeFailure(thrown));
    }
  }

  #abandon(taken: readonly Unit[], thrown: unknown): void {
    this.#queue = this.#queue.filter((unit) => !taken.includes(unit));
    if (this.#db.inTransaction) this.#sql.rollback.run();
    const failure = unavailable(thrown);
    for (const unit of taken) unit.reject(failure);
  }
}

function prepare(db: SqliteDatabase) {
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    savepoint: db.prepare('SAVEPOINT unit'),
    undo: db.prepare('ROLLBACK TO unit'),
    release: db.prepare('RELEASE unit'),
  };
}
