import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MapwrightError, messageOf } from '../../core/error.ts';
import { writeArchive } from './pack-archive.ts';
import { isLitter, PACK_DOCUMENT, PACK_LIMITS, type PackFile } from './pack-file.ts';

/** The files of a pack's folder, hidden ones and links left out. Rejects with PACK_UNREADABLE. */
export async function readPackFolder(folder: string): Promise<readonly PackFile[]> {
  try {
    const files: PackFile[] = [];
    await collect(folder, '', files);
    return files;
  } catch (cause) {
    if (cause instanceof MapwrightError) throw cause;
    throw unreadable(folder, messageOf(cause), cause);
  }
}

/** The folder as the zip that `importPack` takes, in base64. Rejects with PACK_UNREADABLE. */
export async function packFolder(folder: string): Promise<string> {
  // Looked for first: any folder may be named by mistake, and there are large ones.
  const isThere = await stat(join(folder, PACK_DOCUMENT)).catch(() => undefined);
  if (isThere === undefined) throw unreadable(folder, `it has no ${PACK_DOCUMENT}`);
  const files = await readPackFolder(folder);
  return Buffer.from(writeArchive(files)).toString('base64');
}

async function collect(folder: string, below: string, files: PackFile[]): Promise<void> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.name.startsWith('.') || entry.name === 'node_modules' || isLitter(path)) continue;
    if (entry.isDirectory()) await collect(folder, path, files);
    else if (entry.isFile()) files.push({ path, bytes: await readBounded(join(folder, path), files) });
  }
}

async function readBounded(path: string, before: readonly PackFile[]): Promise<Uint8Array> {
  const { size } = await stat(path);
  const total = before.reduce((sum, { bytes }) => sum + bytes.length, size);
  if (total > PACK_LIMITS.total) throw unreadable(path, `the files of a pack have at most ${PACK_LIMITS.total} bytes`);
  if (before.length >= PACK_LIMITS.files) throw unreadable(path, `a pack has at most ${PACK_LIMITS.files} files`);
  if (size > PACK_LIMITS.file) throw unreadable(path, `a file of a pack has at most ${PACK_LIMITS.file} bytes`);
  return readFile(path);
}

function unreadable(place: string, why: string, cause?: unknown): MapwrightError {
  return new MapwrightError('PACK_UNREADABLE', `${place} is no pack that can be read: ${why}`, {
    hint: `name the folder that holds ${PACK_DOCUMENT}, or a zip of it`,
    ...(cause === undefined ? {} : { cause }),
  });
}
