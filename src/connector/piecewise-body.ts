import { LARGE_BODY_BYTES, type LargeBody, type LentBody } from '../core/large-body.ts';

/** A large body in pieces whose memory is nobody else's. */
export class PiecewiseBody implements LargeBody {
  readonly length: number;
  #pieces: readonly Uint8Array[];
  /** What there is while the pieces are lent. */
  #kept: Uint8Array | undefined;

  constructor(pieces: readonly Uint8Array[]) {
    this.#pieces = pieces;
    this.length = lengthOf(pieces);
  }

  start(atMost: number): Uint8Array {
    if (this.#kept !== undefined) return this.#kept.subarray(0, atMost);
    const [first] = this.#pieces;
    return first !== undefined && first.length >= atMost ? first.subarray(0, atMost) : joined(this.#pieces, atMost);
  }

  bytes(): Uint8Array {
    if (this.#kept !== undefined) return this.#kept;
    const [first, ...others] = this.#pieces;
    if (first !== undefined && others.length === 0) return first;
    const whole = joined(this.#pieces, this.length);
    for (const piece of this.#pieces) detach(piece);
    this.#pieces = [whole];
    return whole;
  }

  lend(): LentBody {
    // Lent before, and lost: what there is of it is lent again.
    const pieces = this.#kept === undefined ? this.#pieces : [this.#kept];
    this.#kept = joined(pieces, LARGE_BODY_BYTES);
    this.#pieces = [];
    return { pieces, giveBack: (back) => this.#takeBack(back) };
  }

  free(): void {
    for (const piece of this.#pieces) detach(piece);
    this.#pieces = [];
    this.#keepNothing();
  }

  #takeBack(pieces: readonly Uint8Array[]): void {
    this.#pieces = pieces;
    this.#keepNothing();
  }

  #keepNothing(): void {
    if (this.#kept !== undefined) detach(this.#kept);
    this.#kept = undefined;
  }
}

/** The first bytes of the pieces, at most so many, in memory of their own. */
export function joined(pieces: readonly Uint8Array[], atMost: number): Uint8Array {
  // Not cleared first: all of it is written.
  const whole = Buffer.allocUnsafeSlow(Math.min(atMost, lengthOf(pieces)));
  let length = 0;
  for (const piece of pieces) {
    if (length === whole.length) break;
    const part = piece.subarray(0, whole.length - length);
    whole.set(part, length);
    length += part.length;
  }
  return whole;
}

/**
 * Frees the memory that the view looks at, without waiting for anybody to find that it is not needed (ECMAScript 2024): a
 * garbage collector that is told of megabytes for each large answer stops everybody to look for them.
 */
export function detach({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
