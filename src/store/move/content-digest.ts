import { createHash } from 'node:crypto';

/** A value of a row, whichever database it comes from. */
export type StoredValue = string | number | Buffer | null;

/** Tells whether two tables hold the same rows, in whatever order they are read. */
export class ContentDigest {
  rows = 0;
  /** The sum of the hashes of the rows: unlike their XOR it tells a row that is there twice. */
  #sum = 0n;

  add(row: readonly StoredValue[]): void {
    const text = JSON.stringify(row.map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : value)));
    this.#sum += BigInt(`0x${createHash('sha256').update(text).digest('hex')}`);
    this.rows += 1;
  }

  equals(other: ContentDigest): boolean {
    return this.rows === other.rows && this.#sum === other.#sum;
  }
}
