import { archiveRefused, isLitter, PACK_LIMITS, pathKey, pathProblem } from './pack-file.ts';

/** A file as the archive's directory tells of it. */
export interface ZipEntry {
  readonly path: string;
  readonly isPacked: boolean;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where its local header stands. */
  readonly offset: number;
}

// The layout is that of APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
const END = 0x06054b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 0xffff;
const ENTRY = 0x02014b50;
const ENTRY_LENGTH = 46;
const LOCAL = 0x04034b50;
const LOCAL_LENGTH = 30;

const FLAG_ENCRYPTED = 0x0041;
const FLAG_UTF8 = 0x0800;
const STORED = 0;
const DEFLATED = 8;

const MODE_KIND = 0o170000;
const MODE_FILE = 0o100000;
const MODE_FOLDER = 0o040000;

/** The files of an archive, by its directory; what would lead out of the pack, hide or swell is refused: PACK_ARCHIVE. */
export function readDirectory(bytes: Buffer): readonly ZipEntry[] {
  const end = findEnd(bytes);
  const count = bytes.readUInt16LE(end + 10);
  const start = bytes.readUInt32LE(end + 16);
  const isSplit = bytes.readUInt16LE(end + 4) !== 0 || bytes.readUInt16LE(end + 8) !== count;
  if (isSplit || count === 0xffff || start === 0xffffffff) throw archiveRefused('it is split, or in the zip64 format');
  if (count > PACK_LIMITS.files) throw archiveRefused(`it has more than ${PACK_LIMITS.files} files`);
  const entries: ZipEntry[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    if (at + ENTRY_LENGTH > end || bytes.readUInt32LE(at) !== ENTRY) throw archiveRefused('its directory is damaged');
    const entry = readEntry(bytes, at, end);
    if (entry !== undefined) entries.push(entry);
    at += ENTRY_LENGTH + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  if (at !== end) throw archiveRefused('its directory is damaged');
  checkSizes(entries);
  checkPlaces(entries, start);
  return entries.filter(({ path }) => !isLitter(path));
}

/** Where the bytes of a file begin. The name before them must be the one of the directory: readers differ in which they take. */
export function dataStart(bytes: Buffer, { path, offset }: ZipEntry): number {
  if (offset + LOCAL_LENGTH > bytes.length || bytes.readUInt32LE(offset) !== LOCAL) {
    throw archiveRefused(`"${path}" is not where the directory says`);
  }
  const nameLength = bytes.readUInt16LE(offset + 26);
  const name = bytes.subarray(offset + LOCAL_LENGTH, offset + LOCAL_LENGTH + nameLength).toString('utf8');
  if (name !== path) throw archiveRefused(`"${path}" has two names`);
  return offset + LOCAL_LENGTH + nameLength + bytes.readUInt16LE(offset + 28);
}

function findEnd(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - END_LENGTH - LONGEST_COMMENT);
  for (let at = bytes.length - END_LENGTH; at >= first; at--) {
    if (bytes.readUInt32LE(at) !== END) continue;
    if (at + END_LENGTH + bytes.readUInt16LE(at + 20) === bytes.length) return at;
  }
  throw archiveRefused('it is no zip, or its end is missing');
}

/** Undefined for a folder. */
function readEntry(bytes: Buffer, at: number, end: number): ZipEntry | undefined {
  const flags = bytes.readUInt16LE(at + 8);
  const method = bytes.readUInt16LE(at + 10);
  const nameEnd = at + ENTRY_LENGTH + bytes.readUInt16LE(at + 28);
  if (nameEnd > end) throw archiveRefused('its directory is damaged');
  const name = nameOf(bytes.subarray(at + ENTRY_LENGTH, nameEnd), flags);
  const size = bytes.readUInt32LE(at + 24);
  const kind = (bytes.readUInt32LE(at + 38) >>> 16) & MODE_KIND;
  if (name.endsWith('/') && size === 0) {
    checkPath(name.slice(0, -1));
    return undefined;
  }
  checkPath(name);
  if (kind !== 0 && kind !== MODE_FILE && kind !== MODE_FOLDER) throw archiveRefused(`"${name}" is a link, no file`);
  if ((flags & FLAG_ENCRYPTED) !== 0) throw archiveRefused(`"${name}" is encrypted`);
  if (method !== STORED && method !== DEFLATED) throw archiveRefused(`"${name}" is packed in an unusual way`);
  return {
    path: name,
    isPacked: method === DEFLATED,
    crc: bytes.readUInt32LE(at + 16),
    packedSize: bytes.readUInt32LE(at + 20),
    size,
    offset: bytes.readUInt32LE(at + 42),
  };
}

function nameOf(bytes: Buffer, flags: number): string {
  // Without the flag a name is in some old code page: only what is the same in all of them can be read.
  if ((flags & FLAG_UTF8) === 0 && bytes.some((byte) => byte > 0x7e)) throw archiveRefused('a name in it is not UTF-8');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw archiveRefused('a name in it is not UTF-8');
  }
}

function checkPath(path: string): void {
  const problem = pathProblem(path);
  if (problem !== undefined)
    throw archiveRefused(`the name ${JSON.stringify(path.slice(0, 100))} is refused: ${problem}`);
}

function checkSizes(entries: readonly ZipEntry[]): void {
  const seen = new Set<string>();
  let total = 0;
  for (const { path, size, packedSize, isPacked } of entries) {
    const key = pathKey(path);
    if (seen.has(key)) throw archiveRefused(`"${path}" is in it twice`);
    seen.add(key);
    total += size;
    if (size > PACK_LIMITS.file) throw archiveRefused(`"${path}" is larger than ${PACK_LIMITS.file} bytes`);
    if (total > PACK_LIMITS.total) throw archiveRefused(`unpacked it is larger than ${PACK_LIMITS.total} bytes`);
    if (!isPacked && size !== packedSize) throw archiveRefused(`"${path}" has two sizes`);
    if (size > 1024 * 1024 && size > packedSize * PACK_LIMITS.ratio) {
      throw archiveRefused(`"${path}" would become more than ${PACK_LIMITS.ratio} times as large as it is`);
    }
  }
}

/** No two files share bytes, and none lies in the directory: such archives swell without end. */
function checkPlaces(entries: readonly ZipEntry[], directory: number): void {
  const ordered = entries.toSorted((a, b) => a.offset - b.offset);
  for (const [index, { path, offset, packedSize }] of ordered.entries()) {
    const limit = ordered[index + 1]?.offset ?? directory;
    if (offset + LOCAL_LENGTH + Buffer.byteLength(path) + packedSize > limit) {
      throw archiveRefused(`"${path}" overlaps with what follows`);
    }
  }
}
