import { createHash } from 'node:crypto';
import { CHUNK_BYTES, type FileHead, type FileReference, type FileWriter } from '../core/file-store.ts';
import { MapwrightError } from '../core/error.ts';

/** What a database does for a file that is being stored. */
export interface FileSteps {
  /** Stores one chunk. */
  addChunk(number: number, bytes: Buffer): Promise<void>;
  /** Makes the file whole; false when it is no longer there. */
  finish(size: number, sha256: string): Promise<boolean>;
  abandon(): Promise<void>;
}

/** Cuts what is written into chunks, and counts and hashes it on the way. */
export class ChunkWriter implements FileWriter {
  readonly #head: FileHead;
  readonly #steps: FileSteps;
  readonly #hash = createHash('sha256');
  readonly #chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #filled = 0;
  #number = 0;
  #size = 0;

  constructor(head: FileHead, steps: FileSteps) {
    this.#head = head;
    this.#steps = steps;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#size += bytes.length;
    for (let at = 0; at < bytes.length;) {
      const piece = bytes.subarray(at, at + CHUNK_BYTES - this.#filled);
      this.#chunk.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled === CHUNK_BYTES) await this.#store();
    }
  }

  async finish(): Promise<FileReference> {
    if (this.#filled > 0) await this.#store();
    const { id, name, type } = this.#head;
    const sha256 = this.#hash.digest('hex');
    if (!(await this.#steps.finish(this.#size, sha256))) throw fileGone(id);
    return { id, name, type, size: this.#size, sha256 };
  }

  abandon(): Promise<void> {
    return this.#steps.abandon();
  }

  async #store(): Promise<void> {
    const number = this.#number++;
    const filled = this.#filled;
    this.#filled = 0;
    await this.#steps.addChunk(number, this.#chunk.subarray(0, filled));
  }
}

/** FILE_GONE. */
export function fileGone(id: string): MapwrightError {
  return new MapwrightError('FILE_GONE', `the file ${id} is not there, or no longer`, {
    hint: 'files that no record holds are cleared away after a day: upload it again',
  });
}
