import { MapwrightError } from '../../core/error.ts';

/** One file of a pack. */
export interface PackFile {
  /** Relative, with `/` between folders. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** How much a pack may hold, in bytes where nothing else is said. */
export const PACK_LIMITS = {
  archive: 16 * 1024 * 1024,
  files: 2_000,
  /** Of one file. */
  file: 4 * 1024 * 1024,
  /** Of all files, unpacked. */
  total: 32 * 1024 * 1024,
  /** A file of more than a mebibyte may be at most so many times as large as it is packed. */
  ratio: 200,
} as const;

/** The document that every pack has, at its top. */
export const PACK_DOCUMENT = 'pack.xml';

const LONGEST_PATH = 240;
const CONTROL = /[\p{Cc}\u2028\u2029\\:*?"<>|]/u;

/** Why this cannot be the path of a file in a pack; undefined when it can. */
export function pathProblem(path: string): string | undefined {
  if (path === '' || path.length > LONGEST_PATH) return 'it is empty or too long';
  if (path.startsWith('/') || /^[A-Za-z]:/u.test(path)) return 'it begins at the root of the file system';
  if (CONTROL.test(path)) return 'it has a character that file systems read in their own way';
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'it leads out of the pack';
  return undefined;
}

/** What the system or a program for packing leaves behind, which belongs to nobody. */
export function isLitter(path: string): boolean {
  return path.split('/').some((part) => part === '__MACOSX' || part === '.DS_Store' || part === 'Thumbs.db');
}

/** Two paths that file systems may take for one have the same key. */
export function pathKey(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** The error for an archive that is not taken. */
export function archiveRefused(reason: string): MapwrightError {
  return new MapwrightError('PACK_ARCHIVE', `the archive is not taken: ${reason}`, {
    hint: 'nothing was changed; a pack is a plain zip of its folder, as mapwright pack export writes it',
  });
}

/** The files below the one folder that holds all of them, where `pack.xml` is not at the top. */
export function withoutTopFolder(files: readonly PackFile[]): readonly PackFile[] {
  if (files.some(({ path }) => path === PACK_DOCUMENT)) return files;
  const [top] = files[0]?.path.split('/') ?? [];
  const isInOne = top !== undefined && files.every(({ path }) => path.startsWith(`${top}/`));
  return isInOne ? files.map(({ path, bytes }) => ({ path: path.slice(top.length + 1), bytes })) : files;
}
