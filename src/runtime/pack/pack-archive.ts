import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { zipSync } from 'fflate';
import { archiveRefused, PACK_LIMITS, type PackFile } from './pack-file.ts';
import { dataStart, readDirectory, type ZipEntry } from './zip-directory.ts';

const unpack = promisify(inflateRaw);

/** Every file has this time: what is packed when makes no difference to the bytes. */
const TIME = new Date(1980, 0, 1);

/** The files of a zip. Rejects with PACK_ARCHIVE for one that is damaged, too large, or made to do harm. */
export async function readArchive(archive: Uint8Array): Promise<readonly PackFile[]> {
  if (archive.length > PACK_LIMITS.archive) throw archiveRefused(`it is larger than ${PACK_LIMITS.archive} bytes`);
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const files: PackFile[] = [];
  for (const entry of readDirectory(bytes)) files.push({ path: entry.path, bytes: await contentOf(bytes, entry) });
  return files;
}

/** A zip of the files: the same files give the same bytes. */
export function writeArchive(files: readonly PackFile[]): Uint8Array {
  const ordered = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return zipSync(Object.fromEntries(ordered.map(({ path, bytes }) => [path, bytes])), { mtime: TIME, level: 9 });
}

/** What the directory says of the size and the sum is proven, not believed. */
async function contentOf(bytes: Buffer, entry: ZipEntry): Promise<Uint8Array> {
  const start = dataStart(bytes, entry);
  const packed = bytes.subarray(start, start + entry.packedSize);
  if (packed.length !== entry.packedSize) throw archiveRefused(`"${entry.path}" is cut off`);
  const content = entry.isPacked ? await inflated(packed, entry) : packed;
  if (content.length !== entry.size) throw archiveRefused(`"${entry.path}" is not as large as it says`);
  if (crc32(content) !== entry.crc) throw archiveRefused(`"${entry.path}" is damaged`);
  return content;
}

async function inflated(packed: Uint8Array, { path, size }: ZipEntry): Promise<Uint8Array> {
  try {
    return await unpack(packed, { maxOutputLength: Math.max(1, size) });
  } catch {
    throw archiveRefused(`"${path}" is damaged, or larger than it says`);
  }
}
