import type { FileReference, FileStore } from '../../core/file-store.ts';
import {
  ABANDON_FILE,
  ADD_CHUNK,
  ADD_FILE,
  CLEAR_CHUNKS,
  CLEAR_FILES,
  CLEAR_USES,
  FIND_FILE,
  FINISH_FILE,
  HOLD_FILE,
  HOLD_MS,
  MOST_CHUNKS,
  MOST_FILES,
  READ_CHUNK,
  TAKE_FILES,
  type FileRow,
} from '../file-text.ts';
import { ChunkWriter } from '../file-writer.ts';
import { storedChunks } from '../stored-chunks.ts';
import type { PostgresDatabase } from './database.ts';
import { numbered } from './postgres-dialect.ts';
import { storable } from './row-set.ts';

/** Files on PostgreSQL: all nodes see them. */
export function createFileStore(db: PostgresDatabase): FileStore {
  const row = async (id: string): Promise<FileRow | undefined> => (await db.all<FileRow>(numbered(FIND_FILE), [id]))[0];
  const find = async (id: string): Promise<FileReference | undefined> => reference(await row(id));
  const chunk = async (id: string, number: number): Promise<Uint8Array | undefined> =>
    (await db.all<{ bytes: Buffer }>(numbered(READ_CHUNK), [id, number]))[0]?.bytes;
  return {
    async create(head) {
      const { id, name, type, run = null, at } = head;
      await db.run(numbered(ADD_FILE), [id, storable(name), storable(type), run, at]);
      return new ChunkWriter(head, {
        addChunk: async (number, bytes) => void (await db.run(numbered(ADD_CHUNK), [id, number, bytes])),
        finish: async (size, sha256) => (await db.run(numbered(FINISH_FILE), [size, sha256, id])) > 0,
        abandon: async () => void (await db.run(numbered(ABANDON_FILE), [id])),
      });
    },
    find,
    async hold(id, at) {
      const found = await row(id);
      const since = found?.unusedSince ?? null;
      if (since === null || since >= at - HOLD_MS) return reference(found);
      await db.run(numbered(HOLD_FILE), [at, id, at]);
      return find(id);
    },
    read: (id, range) => storedChunks({ find, chunk }, id, range),
    clear: ({ before, limit }) =>
      db.transaction(async (session) => {
        const taken = await session.run(numbered(TAKE_FILES), [before, Math.min(limit, MOST_FILES)]);
        const most = Math.min(limit, MOST_CHUNKS);
        const chunks = await session.run(numbered(CLEAR_CHUNKS), [most]);
        if (chunks === most) return taken + chunks;
        return taken + chunks + (await session.run(CLEAR_USES)) + (await session.run(CLEAR_FILES));
      }),
  };
}

function reference(row: FileRow | undefined): FileReference | undefined {
  if (row === undefined) return undefined;
  const { unusedSince: _, ...file } = row;
  return file;
}
