import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { MapwrightError } from '../../core/error.ts';
import {
  type FileReference,
  type FileStore,
  type FileWriter,
  mediaTypeOf,
  safeFileName,
} from '../../core/file-store.ts';
import { Turns } from '../../crm/turns.ts';
import { type FileAdministration, MOST_PIECE_BYTES } from './file-administration.ts';

/** A file that comes in pieces. */
interface Upload {
  readonly writer: FileWriter;
  written: number;
  touchedAt: number;
}

/** Uploads that one process has under way; the one that nothing was added to for the longest time makes room. */
const MOST_UPLOADS = 64;

/** Files in pieces, for commands. */
export function fileCommands({
  files,
  clock,
}: {
  readonly files: FileStore;
  readonly clock: Clock;
}): FileAdministration {
  const uploads = new Map<string, Upload>();
  const turns = new Turns();
  const upload = (id: string): Upload => {
    const found = uploads.get(id);
    if (found !== undefined) return found;
    throw new MapwrightError('FILE_UPLOAD_UNKNOWN', `no file "${id.slice(0, 64)}" is being stored here`, {
      hint: 'begin again: uploads end with the process that took them',
    });
  };
  return {
    async beginFile({ name, type }) {
      const id = randomUUID();
      const at = clock.now();
      if (uploads.size >= MOST_UPLOADS) await giveUpOldest(uploads);
      const writer = await files.create({ id, name: safeFileName(name), type: mediaTypeOf(type), at });
      uploads.set(id, { writer, written: 0, touchedAt: at });
      return { id };
    },
    appendFile: ({ id, offset, base64 }) =>
      turns.take(id, async () => {
        const under = upload(id);
        const bytes = Buffer.from(base64, 'base64');
        if (bytes.length > MOST_PIECE_BYTES) throw tooLong();
        if (offset + bytes.length <= under.written) return;
        if (offset !== under.written) throw doesNotFollow(offset, under.written);
        under.touchedAt = clock.now();
        await under.writer.write(bytes);
        under.written += bytes.length;
      }),
    finishFile: ({ id }) =>
      turns.take(id, async () => {
        const file = await upload(id).writer.finish();
        uploads.delete(id);
        return file;
      }),
    file: ({ id }) => requireFile(files, id),
    async readFile({ id, offset, bytes }) {
      await requireFile(files, id);
      const pieces: Uint8Array[] = [];
      const to = offset + Math.min(bytes, MOST_PIECE_BYTES);
      for await (const piece of files.read(id, { from: offset, to })) pieces.push(piece);
      return { base64: Buffer.concat(pieces).toString('base64') };
    },
  };
}

/** Rejects with FILE_GONE. */
async function requireFile(files: Pick<FileStore, 'find'>, id: string): Promise<FileReference> {
  const file = await files.find(id);
  if (file !== undefined) return file;
  throw new MapwrightError('FILE_GONE', `there is no file "${id.slice(0, 64)}", or no longer`, {
    hint: 'the id stands in the field that holds the file: mapwright record show ID',
  });
}

async function giveUpOldest(uploads: Map<string, Upload>): Promise<void> {
  const [oldest] = [...uploads].toSorted(([, one], [, other]) => one.touchedAt - other.touchedAt);
  if (oldest === undefined) return;
  uploads.delete(oldest[0]);
  await oldest[1].writer.abandon();
}

function tooLong(): MapwrightError {
  return new MapwrightError('FILE_UPLOAD_OFFSET', `a piece has at most ${MOST_PIECE_BYTES} bytes`);
}

function doesNotFollow(offset: number, written: number): MapwrightError {
  return new MapwrightError('FILE_UPLOAD_OFFSET', `the piece begins at byte ${offset}; ${written} have come so far`, {
    hint: `send the piece that begins at byte ${written}`,
  });
}
