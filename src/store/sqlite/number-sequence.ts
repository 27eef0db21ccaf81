import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';

const BLOCK = 64;

/**
 * The numbers of new records, rising through the whole install. Numbers are reserved on disk in blocks before they are
 * handed out, so none comes twice; a crash leaves a gap of fewer than two blocks, a clean stop none.
 */
export class NumberSequence {
  readonly #commits: GroupCommit;
  readonly #sql: ReturnType<typeof prepare>;
  #next: number;
  #reservedBelow: number;
  #reserving: Promise<void> | undefined;

  constructor(db: SqliteDatabase, commits: GroupCommit) {
    this.#commits = commits;
    this.#sql = prepare(db);
    this.#next = this.#sql.select.get()?.below ?? 1;
    this.#reservedBelow = this.#next;
  }

  /** A number not handed out before. Waits for the disk only when a block is used up faster than the next is reserved. */
  async allocate(): Promise<number> {
    while (this.#next >= this.#reservedBelow) await this.#reserve();
    const number = this.#next++;
    // A failure shows when the block is used up.
    if (this.#reservedBelow - this.#next < BLOCK / 2) this.#reserve().catch(() => undefined);
    return number;
  }

  /** Keeps clear of a number that came from elsewhere. To be called inside the unit that stores it. */
  observe(number: number): void {
    this.#next = Math.max(this.#next, number + 1);
    // What is told here may be undone: only a reservation of our own is known to be on disk.
    if (number >= this.#reservedBelow) this.#sql.raise.run(number + 1);
  }

  /** Gives back what was reserved and not handed out. */
  async close(): Promise<void> {
    await this.#reserving?.catch(() => undefined);
    const next = this.#next;
    // Whoever asks from now on reserves anew.
    this.#reservedBelow = next;
    await this.#commits.write(() => this.#sql.set.run(next));
  }

  #reserve(): Promise<void> {
    this.#reserving ??= this.#commits
      .write(() => {
        const below = Math.max(this.#reservedBelow, this.#next) + BLOCK;
        this.#sql.raise.run(below);
        return below;
      })
      .then((below) => {
        this.#reservedBelow = Math.max(this.#reservedBelow, below);
      })
      .finally(() => {
        this.#reserving = undefined;
      });
    return this.#reserving;
  }
}

function prepare(db: SqliteDatabase) {
  return {
    select: db.prepare<[], { below: number }>('SELECT numbers_below AS below FROM install WHERE id = 1'),
    raise: db.prepare<[number]>('UPDATE install SET numbers_below = max(numbers_below, ?) WHERE id = 1'),
    set: db.prepare<[number]>('UPDATE install SET numbers_below = ? WHERE id = 1'),
  };
}
