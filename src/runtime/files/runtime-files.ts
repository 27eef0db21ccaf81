import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { type FileReference, type FileStore, mediaTypeOf, safeFileName } from '../../core/file-store.ts';

/** Files that records hold. A file that no record holds is cleared away after a day. */
export interface RuntimeFiles {
  /**
   * Stores bytes as they come; none are kept in memory. Write the id that it gives into a field of type `file`. When the
   * bytes break off, nothing is stored.
   */
  put(
    bytes: AsyncIterable<Uint8Array> | Uint8Array,
    about: { readonly name: string; readonly type?: string },
  ): Promise<FileReference>;
  /** Undefined when there is no such file. */
  find(id: string): Promise<FileReference | undefined>;
  /** Its bytes, from `from` to before `to`. Rejects with FILE_GONE. */
  read(id: string, range?: { readonly from: number; readonly to: number }): AsyncIterable<Uint8Array>;
}

/** The files of an install; `requireOpen` throws after the close. */
export function runtimeFiles(
  { files, clock }: { readonly files: FileStore; readonly clock: Clock },
  requireOpen: () => void = () => undefined,
): RuntimeFiles {
  return {
    async put(bytes, { name, type }) {
      requireOpen();
      const at = clock.now();
      const head = { id: randomUUID(), name: safeFileName(name), type: mediaTypeOf(type), at };
      const writer = await files.create(head);
      try {
        if (bytes instanceof Uint8Array) await writer.write(bytes);
        else for await (const piece of bytes) await writer.write(piece);
        return await writer.finish();
      } catch (thrown) {
        // What cannot be given up either is cleared away by its age.
        await writer.abandon().catch(() => undefined);
        throw thrown;
      }
    },
    async find(id) {
      requireOpen();
      return files.find(id);
    },
    read(id, range) {
      requireOpen();
      return files.read(id, range);
    },
  };
}
