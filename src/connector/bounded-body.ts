const FIRST_CAPACITY = 16 * 1024;

/**
 * Collects a body of at most `limit` bytes in one buffer that grows by doubling, so that a body sent in a million
 * pieces costs no more memory than its bytes.
 */
export class BoundedBody {
  readonly #limit: number;
  /** Most bodies come in one piece, which is kept as it came. */
  #only: Uint8Array | undefined;
  #buffer: Uint8Array = new Uint8Array(0);
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False when the piece does not fit: as much of it as does is kept. */
  add(piece: Uint8Array): boolean {
    const fits = this.#length + piece.length <= this.#limit;
    const kept = fits ? piece : piece.subarray(0, Math.max(0, this.#limit - this.#length));
    if (this.#length === 0) {
      this.#only = kept;
      this.#length = kept.length;
      return fits;
    }
    this.#reserve(this.#length + kept.length);
    this.#buffer.set(kept, this.#length);
    this.#length += kept.length;
    return fits;
  }

  /** All bytes so far. */
  bytes(): Uint8Array {
    return this.#only ?? this.#buffer.subarray(0, this.#length);
  }

  #reserve(needed: number): void {
    if (this.#only === undefined && needed <= this.#buffer.length) return;
    // Not cleared: nobody sees what lies behind the bytes that were written.
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(this.#limit, Math.max(FIRST_CAPACITY, needed * 2))));
    grown.set(this.bytes());
    this.#only = undefined;
    this.#buffer = grown;
  }
}
