import { createHash } from 'node:crypto';

/** Numbers and identifiers that follow from a seed alone: the same seed gives the same sequence. */
export class AmbientRandom {
  readonly #seed: string;
  #drawn = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** In [0, 1), 48 bits. */
  next(): number {
    return this.#draw().readUIntBE(0, 6) / 2 ** 48;
  }

  /** The text of a version 4 UUID (RFC 9562 section 5.4). */
  uuid(): string {
    const bytes = this.#draw().subarray(0, 16);
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/u, '$1-$2-$3-$4-');
  }

  #draw(): Buffer {
    this.#drawn += 1;
    return createHash('sha256').update(`${this.#drawn}:${this.#seed}`).digest();
  }
}
