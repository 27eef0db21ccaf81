import type { PostgresDatabase, Session } from './database.ts';

const BLOCK = 256;

interface Block {
  next: number;
  readonly below: number;
}

/**
 * The numbers of new records. Each node reserves blocks of its own before it hands out a number, so none comes twice in
 * the install; a node's numbers rise. A crash leaves a gap of fewer than two blocks, a clean stop of the last node none.
 */
export class NumberSequence {
  readonly #db: PostgresDatabase;
  #blocks: Block[] = [];
  /** Numbers below this one are not handed out: one of them came from elsewhere. */
  #from = 1;
  #reservedBelow = 1;
  #reserving: Promise<void> | undefined;

  constructor(db: PostgresDatabase) {
    this.#db = db;
  }

  /** A number not handed out before. Waits for the database only when a block is used up faster than the next is reserved. */
  async allocate(): Promise<number> {
    let block = this.#block();
    while (block === undefined) {
      await this.#reserve();
      block = this.#block();
    }
    const number = block.next++;
    // A failure shows when the block is used up.
    if (this.#left() < BLOCK / 2) this.#reserve().catch(() => undefined);
    return number;
  }

  /** Keeps all nodes clear of a number that came from elsewhere. To be called inside the transaction that stores it. */
  async observe(session: Session, number: number): Promise<void> {
    // Everything below is reserved by somebody, most often by this node and for this very record.
    if (number < this.#reservedBelow) return;
    this.#from = Math.max(this.#from, number + 1);
    await session.run('UPDATE install SET numbers_below = greatest(numbers_below, $1) WHERE id = 1', [number + 1]);
  }

  /** Gives back what was reserved and not handed out, as far as nobody has reserved more since. */
  async close(): Promise<void> {
    await this.#reserving?.catch(() => undefined);
    const block = this.#block();
    this.#blocks = [];
    if (block === undefined) return;
    await this.#db.run('UPDATE install SET numbers_below = $1 WHERE id = 1 AND numbers_below = $2', [
      block.next,
      this.#reservedBelow,
    ]);
  }

  /** The block that the next number comes from. */
  #block(): Block | undefined {
    for (const block of this.#blocks) block.next = Math.max(block.next, this.#from);
    this.#blocks = this.#blocks.filter(({ next, below }) => next < below);
    return this.#blocks[0];
  }

  #left(): number {
    return this.#blocks.reduce((sum, { next, below }) => sum + below - next, 0);
  }

  #reserve(): Promise<void> {
    this.#reserving ??= this.#takeBlock().finally(() => {
      this.#reserving = undefined;
    });
    return this.#reserving;
  }

  async #takeBlock(): Promise<void> {
    const [row] = await this.#db.all<{ below: number }>(
      `UPDATE install SET numbers_below = greatest(numbers_below, $1) + $2 WHERE id = 1
       RETURNING numbers_below AS below`,
      [this.#from, BLOCK],
    );
    if (row === undefined) return;
    const { below } = row;
    const last = this.#blocks.at(-1);
    this.#reservedBelow = below;
    // Blocks that touch are one, so that a clean stop can give back all of it.
    if (last?.below === below - BLOCK) this.#blocks.splice(-1, 1, { next: last.next, below });
    else this.#blocks.push({ next: below - BLOCK, below });
  }
}
