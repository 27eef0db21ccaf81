import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { MapwrightError, messageOf } from '../core/error.ts';
import { KeyRing } from './key/key-ring.ts';

const KEY_BYTES = 32;
/** More are a mistake: each rotation leaves one. */
const MOST_KEYS = 16;

/**
 * The install's encryption keys, of 32 bytes each: those of MAPWRIGHT_KEY (hex or base64, with blanks, commas or line breaks
 * between), else of the file `mapwright.key` in the folder, which is made (mode 0600) for a new install. Several are given
 * while one replaces another: the new one first. Rejects with KEY_INVALID, or with KEY_MISSING when there is a database but
 * no key.
 * @param params.isInstall True: there is an install already, wherever its database is.
 */
export async function loadKeys(params: {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isInstall?: boolean;
}): Promise<KeyRing> {
  const given = params.env['MAPWRIGHT_KEY'];
  if (given !== undefined && given !== '') return new KeyRing(decodeKeys(given, 'MAPWRIGHT_KEY'));
  const file = join(params.folder, 'mapwright.key');
  try {
    if (!existsSync(file)) await makeKeyFile(params, file);
    return new KeyRing(decodeKeys(await readFile(file, 'utf8'), file), { kind: 'file', file });
  } catch (cause) {
    if (cause instanceof MapwrightError) throw cause;
    throw new MapwrightError('KEY_MISSING', `The encryption key cannot be read: ${messageOf(cause)}`, {
      hint: `Give MAPWRIGHT_KEY, or make ${file} readable.`,
      cause,
    });
  }
}

/** The keys that a text holds. Throws KEY_INVALID. @param from what the text is called to people */
export function decodeKeys(text: string, from: string): readonly Uint8Array[] {
  const words = text.split(/[\s,]+/u).filter((word) => word !== '');
  const keys = words.map(decodeKey);
  const wrong = keys.findIndex((bytes) => bytes?.length !== KEY_BYTES);
  if (wrong === -1 && keys.length > 0 && keys.length <= MOST_KEYS) {
    return keys.map((bytes) => new Uint8Array(bytes ?? []));
  }
  throw new MapwrightError('KEY_INVALID', `${from} ${whatIsWrong(keys.length, wrong)}.`, {
    hint: 'A key is 32 bytes, written as 64 hex digits or as base64: `openssl rand -hex 32` makes one.',
  });
}

/** Never the word itself: it may be a key but for one digit. */
function whatIsWrong(count: number, wrong: number): string {
  if (count > MOST_KEYS) return `holds ${count} keys; ${MOST_KEYS} is the most`;
  return count > 1
    ? `holds ${count} words, and number ${wrong + 1} is no encryption key`
    : 'does not hold an encryption key';
}

function decodeKey(word: string): Buffer | undefined {
  if (/^[0-9a-fA-F]{64}$/u.test(word)) return Buffer.from(word, 'hex');
  return /^[A-Za-z0-9+/_-]{43}=?$/u.test(word) ? Buffer.from(word, 'base64') : undefined;
}

/** A key as it is written into a file. */
export function newKeyText(): string {
  return randomBytes(KEY_BYTES).toString('hex');
}

/** Whole or not at all: the key is on disk before it gets its name, and the first of several makers wins. */
async function makeKeyFile(
  { folder, isInstall = false }: { readonly folder: string; readonly isInstall?: boolean },
  file: string,
): Promise<void> {
  if (isInstall) {
    throw new MapwrightError('KEY_MISSING', `The database holds an install, but its key is not in ${folder}.`, {
      hint: `Give MAPWRIGHT_KEY, or copy mapwright.key of another node to ${file}: all nodes need the same.`,
    });
  }
  if (existsSync(join(folder, 'mapwright.db'))) {
    throw new MapwrightError('KEY_MISSING', `${folder} holds an install, but its key is gone.`, {
      hint: `Give MAPWRIGHT_KEY, or put back ${file}: without it the stored secrets cannot be read.`,
    });
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${newKeyText()}\n`);
    await handle.sync();
    await link(draft, file).catch(ignoreExisting);
  } finally {
    await handle.close();
    await unlink(draft);
  }
}

function ignoreExisting(cause: unknown): void {
  if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
}
