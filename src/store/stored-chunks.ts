import { setImmediate as nextTurn } from 'node:timers/promises';
import { CHUNK_BYTES, type FileReference } from '../core/file-store.ts';
import { fileGone } from './file-writer.ts';

/** How a database gives the chunks of its files. */
export interface ChunkSource {
  find(id: string): Promise<FileReference | undefined>;
  chunk(id: string, number: number): Promise<Uint8Array | undefined>;
}

/** The bytes of a file, chunk by chunk, each read when it is asked for. Rejects with FILE_GONE. */
export async function* storedChunks(
  source: ChunkSource,
  id: string,
  range?: { readonly from: number; readonly to: number },
): AsyncGenerator<Uint8Array, void> {
  const file = await source.find(id);
  if (file === undefined) throw fileGone(id);
  const from = Math.max(0, range?.from ?? 0);
  const to = Math.min(file.size, range?.to ?? file.size);
  for (let at = from; at < to;) {
    const number = Math.floor(at / CHUNK_BYTES);
    const bytes = await source.chunk(id, number);
    if (bytes === undefined) throw fileGone(id);
    const start = number * CHUNK_BYTES;
    const piece = bytes.subarray(at - start, to - start);
    if (piece.length === 0) throw fileGone(id);
    yield piece;
    at += piece.length;
    // Whoever reads fast, to hash it say, must not keep everybody else waiting.
    await nextTurn();
  }
}
