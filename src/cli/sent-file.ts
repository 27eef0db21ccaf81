import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { FileReference } from '../core/file-store.ts';
import type { FileAdministration } from '../runtime/files/file-administration.ts';
import { typeOfName } from './file-type.ts';
import { missingFile } from './missing-file.ts';
import { UsageError } from './usage-error.ts';

const PIECE_BYTES = 256 * 1024;

/** Sends a file of this machine to the install, piece by piece. Rejects with CLI_FILE_MISSING, and a usage error for a folder. */
export async function sendFile(
  administration: FileAdministration,
  folder: string,
  path: string,
): Promise<FileReference> {
  const from = resolve(folder, path);
  const found = await stat(from).catch(async (thrown: unknown) => {
    throw await missingFile({ file: path, workingFolder: folder, thrown });
  });
  if (!found.isFile()) throw new UsageError(`${path} is no file`, 'name one file: --file signed_copy=./contract.pdf');
  const name = basename(from);
  const { id } = await administration.beginFile({ name, type: typeOfName(name) });
  let offset = 0;
  for await (const chunk of createReadStream(from, { highWaterMark: PIECE_BYTES })) {
    const bytes = Buffer.from(chunk);
    await administration.appendFile({ id, offset, base64: bytes.toString('base64') });
    offset += bytes.length;
  }
  return administration.finishFile({ id });
}
