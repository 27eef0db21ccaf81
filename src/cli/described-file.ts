import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type FileReference, UNKNOWN_TYPE } from '../core/file-store.ts';
import { typeOfName } from './file-type.ts';
import { missingFile } from './missing-file.ts';

/** A file of this machine as a request names it, where there is no install to store it in. Rejects with CLI_FILE_MISSING. */
export async function describeSentFile(folder: string, path: string): Promise<FileReference> {
  const from = resolve(folder, path);
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of createReadStream(from)) {
      const bytes = Buffer.from(chunk);
      hash.update(bytes);
      size += bytes.length;
    }
  } catch (thrown) {
    throw await missingFile({ file: path, workingFolder: folder, thrown });
  }
  const name = basename(from);
  return { id: 'not-stored', name, type: typeOfName(name) ?? UNKNOWN_TYPE, size, sha256: hash.digest('hex') };
}
