import { type AnswerBody, LARGE_BODY_BYTES } from '../core/large-body.ts';
import { detach, joined, PiecewiseBody } from './piecewise-body.ts';

/** Smaller pieces are copied together: each that is kept as it came takes some memory of its own. */
const SMALL_PIECE = 8 * 1024;
const [SMALLEST_BLOCK, LARGEST_BLOCK] = [4 * 1024, 64 * 1024];

/**
 * Collects a body of at most `limit` bytes. Large pieces are kept as they came and never copied; small ones are copied
 * together, so that a body sent in a million pieces costs no more than twice the memory of its bytes.
 */
export class BoundedBody {
  readonly #limit: number;
  readonly #pieces: Uint8Array[] = [];
  /** Most bodies come in one piece. */
  #only: Uint8Array | undefined;
  /** What small pieces are copied into, and how much of it is taken. */
  #block: Uint8Array = new Uint8Array(0);
  #taken = 0;
  #length = 0;
  /** What the latest piece looks at, into which its giver may still write. */
  #latest: ArrayBufferLike | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * False when the piece does not fit: as much of it as does is kept.
   * @param isShared true when others look at the memory of the piece, or will
   */
  add(piece: Uint8Array, isShared = false): boolean {
    const fits = this.#length + piece.length <= this.#limit;
    const kept = fits ? piece : piece.subarray(0, Math.max(0, this.#limit - this.#length));
    this.#latest = piece.buffer;
    if (this.#length === 0 && !isShared) this.#only = kept;
    else {
      if (this.#only !== undefined) this.#put(this.#only, false);
      this.#only = undefined;
      this.#put(kept, isShared);
    }
    this.#length += kept.length;
    return fits;
  }

  /** All bytes so far, for whoever is the only one to have them from now on. */
  take(): AnswerBody {
    const pieces = this.#allPieces();
    if (this.#length > LARGE_BODY_BYTES) return new PiecewiseBody(pieces);
    const [first] = pieces;
    return first !== undefined && pieces.length === 1 ? first : joined(pieces, this.#length);
  }

  /** Gives the memory back, when nobody has taken the bytes nor will. */
  free(): void {
    for (const piece of this.#allPieces()) if (piece.buffer !== this.#latest) detach(piece);
    this.#pieces.length = 0;
    this.#only = undefined;
    this.#length = 0;
  }

  #allPieces(): Uint8Array[] {
    if (this.#only !== undefined) return [this.#only];
    this.#closeBlock();
    return this.#pieces;
  }

  #put(piece: Uint8Array, isShared: boolean): void {
    // Of a buffer that is used for more than this piece, others may hold the rest.
    const isOwn = piece.length >= SMALL_PIECE && piece.length * 2 >= piece.buffer.byteLength && !isShared;
    if (!isOwn) return this.#copy(piece);
    this.#closeBlock();
    this.#pieces.push(piece);
  }

  #copy(piece: Uint8Array): void {
    if (this.#block.length - this.#taken < piece.length) {
      this.#closeBlock();
      const size = Math.max(piece.length, SMALLEST_BLOCK, Math.min(LARGEST_BLOCK, this.#length));
      // Not cleared: nobody sees what lies behind the bytes that were written.
      this.#block = Buffer.allocUnsafeSlow(size);
    }
    this.#block.set(piece, this.#taken);
    this.#taken += piece.length;
  }

  #closeBlock(): void {
    if (this.#taken > 0) this.#pieces.push(this.#block.subarray(0, this.#taken));
    this.#block = new Uint8Array(0);
    this.#taken = 0;
  }
}
