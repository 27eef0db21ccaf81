import type { FileStore } from '../../core/file-store.ts';
import type { RunId } from '../../core/run.ts';
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
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { guarded } from './sqlite-failure.ts';

/** Files on SQLite. Chunks may be lost by a power cut until the file is whole: the commit that makes it so is on disk. */
export function createFileStore(db: SqliteDatabase, commits: GroupCommit): FileStore {
  const sql = prepare(db);
  const row = guarded((id: string) => sql.find.get(id));
  const find: FileStore['find'] = async (id) => reference(await row(id));
  const chunk = guarded((id: string, number: number) => sql.chunk.get(id, number)?.bytes);
  return {
    async create(head) {
      const { id, name, type, run = null, at } = head;
      await commits.write(() => void sql.add.run(id, name, type, run, at), 'system');
      return new ChunkWriter(head, {
        addChunk: (number, bytes) => commits.write(() => void sql.addChunk.run(id, number, bytes), 'system'),
        finish: (size, sha256) => commits.write(() => sql.finish.run(size, sha256, id).changes > 0),
        abandon: () => commits.write(() => void sql.abandon.run(id), 'system'),
      });
    },
    find,
    async hold(id, at) {
      const found = await row(id);
      const since = found?.unusedSince ?? null;
      if (since === null || since >= at - HOLD_MS) return reference(found);
      await commits.write(() => void sql.hold.run(at, id, at));
      return find(id);
    },
    read: (id, range) => storedChunks({ find, chunk }, id, range),
    clear: ({ before, limit }) =>
      commits.write(() => {
        const taken = sql.take.run(before, Math.min(limit, MOST_FILES)).changes;
        const most = Math.min(limit, MOST_CHUNKS);
        const chunks = sql.clearChunks.run(most).changes;
        if (chunks === most) return taken + chunks;
        return taken + chunks + sql.clearUses.run().changes + sql.clearFiles.run().changes;
      }, 'system'),
  };
}

function reference(row: FileRow | undefined) {
  if (row === undefined) return undefined;
  const { unusedSince: _, ...file } = row;
  return file;
}

function prepare(db: SqliteDatabase) {
  return {
    add: db.prepare<[string, string, string, RunId | null, number]>(ADD_FILE),
    addChunk: db.prepare<[string, number, Buffer]>(ADD_CHUNK),
    finish: db.prepare<[number, string, string]>(FINISH_FILE),
    abandon: db.prepare<[string]>(ABANDON_FILE),
    find: db.prepare<[string], FileRow>(FIND_FILE),
    hold: db.prepare<[number, string, number]>(HOLD_FILE),
    chunk: db.prepare<[string, number], { bytes: Buffer }>(READ_CHUNK),
    take: db.prepare<[number, number]>(TAKE_FILES),
    clearChunks: db.prepare<[number]>(CLEAR_CHUNKS),
    clearUses: db.prepare(CLEAR_USES),
    clearFiles: db.prepare(CLEAR_FILES),
  };
}
