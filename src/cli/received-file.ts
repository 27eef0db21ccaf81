import { createHash } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MapwrightError } from '../core/error.ts';
import type { FileReference } from '../core/file-store.ts';
import type { FileAdministration } from '../runtime/files/file-administration.ts';
import { UsageError } from './usage-error.ts';

const PIECE_BYTES = 512 * 1024;

/**
 * Writes a stored file to `target`, a file or a folder, and gives its path. It has its name only when all of it is there. Rejects
 * with FILE_GONE, FILE_DIFFERS for bytes that are not those that were stored, and a usage error for a file that is there already.
 */
export async function receiveFile(
  administration: FileAdministration,
  file: FileReference,
  to: { readonly folder: string; readonly target: string; readonly replace: boolean },
): Promise<string> {
  const given = resolve(to.folder, to.target);
  const isFolder = (await stat(given).catch(() => undefined))?.isDirectory() === true;
  const path = isFolder ? join(given, file.name) : given;
  const isThere = (await stat(path).catch(() => undefined)) !== undefined;
  if (isThere && !to.replace) throw new UsageError(`${path} is there already`, 'take another name, or say --replace');
  const partial = `${path}.partial`;
  try {
    await writeAll(administration, file, partial);
    await rename(partial, path);
  } catch (thrown) {
    await rm(partial, { force: true });
    throw thrown;
  }
  return path;
}

async function writeAll(administration: FileAdministration, file: FileReference, path: string): Promise<void> {
  const hash = createHash('sha256');
  const target = await open(path, 'w', 0o600);
  try {
    for (let offset = 0; offset < file.size;) {
      const { base64 } = await administration.readFile({ id: file.id, offset, bytes: PIECE_BYTES });
      const bytes = Buffer.from(base64, 'base64');
      if (bytes.length === 0) break;
      hash.update(bytes);
      await target.write(bytes);
      offset += bytes.length;
    }
  } finally {
    await target.close();
  }
  if (hash.digest('hex') === file.sha256) return;
  throw new MapwrightError('FILE_DIFFERS', `what came of ${file.name} is not what was stored`, {
    hint: 'try again; when it stays so, check the disk of the install: mapwright backup',
  });
}
