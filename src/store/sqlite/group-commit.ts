import type { SqliteDatabase } from './database.ts';
import type { LogFlusher } from './log-flusher.ts';
import { storeClosed, storeFailure, unavailable, unflushed } from './sqlite-failure.ts';

const MOST_UNITS = 256;
const LONGEST_BATCH_MS = 4;
/** A process that commits more often than this stays for a while: a thread that waits for the disk is worth its start. */
const COMMITS_BEFORE_FLUSHER = 100;

/** Returned by a unit: what it did is undone, and its promise resolves to `answer` nevertheless. */
export class Undo<T> {
  readonly answer: T;

  constructor(answer: T) {
    this.answer = answer;
  }
}

/** How a unit's commit is kept: on disk when its promise resolves, or only told to the system, which a power cut may undo. */
export type Durability = 'disk' | 'system';

/** One piece of work of the open batch. */
interface Unit {
  readonly durability: Durability;
  /** Gives what to do once the batch's commit has succeeded; undefined when the unit wants to be undone alone. */
  readonly run: () => (() => void) | undefined;
  /** What to do once the batch's commit has succeeded, after the unit was undone. */
  readonly settleUndone: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Puts the writes of one event-loop turn into one transaction, so that they share the wait for the disk.
 * Each unit is undone alone when it fails; a commit that fails rejects them all. No promise resolves before its commit.
 * A unit may be run twice: a batch is first run without a savepoint for each unit, and again with them when one of its
 * units has to be undone. So a unit must change nothing but the database.
 *
 * At first SQLite itself waits for the disk at each commit. In a process that commits often, a flusher does: the next
 * batches are run and committed meanwhile, and one flush answers for all that were committed before it.
 */
export class GroupCommit {
  readonly #db: SqliteDatabase;
  readonly #sql: ReturnType<typeof prepare>;
  readonly #startFlusher: (() => LogFlusher) | undefined;
  #flusher: LogFlusher | undefined;
  #flushing: Promise<void> | undefined;
  /** What waits for the disk: committed units and what to tell those who asked for them. */
  #unflushed: { readonly unit: Unit; readonly settle: () => void }[] = [];
  /** Set once the disk refused a flush: what is in the database then, only the next start can tell. */
  #broken: Error | undefined;
  #queue: Unit[] = [];
  #scheduled = false;
  #closed = false;
  #count = 0;
  #units = 0;
  #syncs = true;

  /** @param startFlusher called at most once, when the database is committed to often enough */
  constructor(db: SqliteDatabase, startFlusher?: () => LogFlusher) {
    this.#db = db;
    this.#sql = prepare(db);
    this.#startFlusher = startFlusher;
  }

  /** Transactions committed so far. */
  get count(): number {
    return this.#count;
  }

  /** Units in them. */
  get units(): number {
    return this.#units;
  }

  /** Runs `work` inside the next transaction. Rejects with what `work` throws, or STORE_UNAVAILABLE. */
  write<T>(work: () => T | Undo<T>, durability: Durability = 'disk'): Promise<T> {
    if (this.#closed) return Promise.reject(storeClosed());
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    return new Promise<T>((resolve, reject) => {
      let answer: T;
      const run = (): (() => void) | undefined => {
        const value = work();
        if (value instanceof Undo) {
          answer = value.answer;
          return undefined;
        }
        return () => resolve(value);
      };
      this.#queue.push({ durability, run, settleUndone: () => resolve(answer), reject });
      this.#schedule();
    });
  }

  /** Resolves when all that can be read now is on disk: for answers that promise it. Rejects with STORE_UNAVAILABLE. */
  async confirmed(): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#flushing !== undefined) await this.write(() => undefined);
  }

  /** Commits what is queued; later writes are rejected. Resolves when it is on disk. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#queue.length > 0) this.#flush();
    while (this.#flushing !== undefined) await this.#flushing;
    await this.#flusher?.close();
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

  #flush(): void {
    if (this.#queue.length === 0) return;
    let taken: readonly Unit[] = [];
    let settled: readonly (() => void)[] | undefined;
    try {
      this.#chooseDurability();
      this.#sql.begin.run();
      const boldly = this.#runBoldly();
      taken = boldly.taken;
      settled = boldly.settled ?? this.#runCarefully(taken);
      this.#sql.commit.run();
      this.#count++;
      this.#units += taken.length;
    } catch (thrown) {
      this.#abandon(taken.length === 0 ? this.#queue.slice(0, MOST_UNITS) : taken, thrown);
      return;
    }
    this.#queue = this.#queue.slice(taken.length);
    this.#tell(taken, settled);
    if (this.#count === COMMITS_BEFORE_FLUSHER && !this.#closed) this.#flusher = this.#startFlusher?.();
  }

  #tell(units: readonly Unit[], settled: readonly (() => void)[]): void {
    for (const [index, unit] of units.entries()) {
      const settle = settled[index];
      if (settle === undefined) continue;
      if (this.#flusher === undefined || unit.durability === 'system') settle();
      else this.#unflushed.push({ unit, settle });
    }
    if (this.#unflushed.length > 0) this.#flushing ??= this.#flushAll();
  }

  async #flushAll(): Promise<void> {
    while (this.#unflushed.length > 0) {
      const committed = this.#unflushed;
      this.#unflushed = [];
      try {
        await this.#flusher?.flush();
        for (const { settle } of committed) settle();
      } catch (thrown) {
        this.#break(thrown, committed);
      }
    }
    this.#flushing = undefined;
  }

  #break(thrown: unknown, committed: readonly { readonly unit: Unit }[]): void {
    this.#broken = unflushed(thrown);
    const lost = [...committed, ...this.#unflushed].map(({ unit }) => unit);
    this.#unflushed = [];
    for (const unit of [...lost, ...this.#queue.splice(0)]) unit.reject(this.#broken);
  }

  /** Runs the batch as it stands; `settled` is undefined, and nothing is done, when one of its units has to be undone. */
  #runBoldly(): { readonly taken: readonly Unit[]; readonly settled: readonly (() => void)[] | undefined } {
    const end = performance.now() + LONGEST_BATCH_MS;
    const settled: (() => void)[] = [];
    for (const [index, unit] of this.#queue.entries()) {
      if (index >= MOST_UNITS || (index > 0 && performance.now() > end)) break;
      const settle = attempt(unit);
      if (settle === undefined) {
        this.#startOver();
        return { taken: this.#queue.slice(0, index + 1), settled: undefined };
      }
      settled.push(settle);
    }
    return { taken: this.#queue.slice(0, settled.length), settled };
  }

  #startOver(): void {
    if (this.#db.inTransaction) this.#sql.rollback.run();
    this.#sql.begin.run();
  }

  #runCarefully(units: readonly Unit[]): (() => void)[] {
    return units.map((unit) => {
      this.#sql.savepoint.run();
      try {
        const settle = unit.run();
        if (settle === undefined) this.#sql.undo.run();
        this.#sql.release.run();
        return settle ?? unit.settleUndone;
      } catch (thrown) {
        // Some failures (disk full, input/output) make SQLite end the whole transaction by itself.
        if (!this.#db.inTransaction) throw thrown;
        this.#sql.undo.run();
        this.#sql.release.run();
        return () => unit.reject(storeFailure(thrown));
      }
    });
  }

  /** In WAL mode a commit under NORMAL outlives the process, and may not outlive the machine. Set outside of transactions. */
  #chooseDurability(): void {
    const syncs = this.#flusher === undefined && this.#queue.some((unit) => unit.durability === 'disk');
    if (syncs === this.#syncs) return;
    this.#db.pragma(`synchronous = ${syncs ? 'FULL' : 'NORMAL'}`);
    this.#syncs = syncs;
  }

  #abandon(units: readonly Unit[], thrown: unknown): void {
    this.#queue = this.#queue.slice(units.length);
    if (this.#db.inTransaction) this.#sql.rollback.run();
    const failure = unavailable(thrown);
    for (const unit of units) unit.reject(failure);
  }
}

/** Undefined when the unit fails or wants to be undone. */
function attempt(unit: Unit): (() => void) | undefined {
  try {
    return unit.run();
  } catch {
    return undefined;
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
