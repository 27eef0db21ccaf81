import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { MapwrightError, messageOf } from '../core/error.ts';

const KEY_BYTES = 32;

/**
 * The install's encryption key, 32 bytes: MAPWRIGHT_KEY (hex or base64), else the file `mapwright.key` in the folder,
 * which is made (mode 0600) for a new install. Rejects with KEY_INVALID, or with KEY_MISSING when there is a database but no key.
 * @param params.isInstall True: there is an install already, wherever its database is.
 */
export async function loadKey(params: {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isInstall?: boolean;
}): Promise<Uint8Array> {
  const given = params.env['MAPWRIGHT_KEY'];
  if (given !== undefined && given !== '') return decodeKey(given, 'MAPWRIGHT_KEY');
  const file = join(params.folder, 'mapwright.key');
  try {
    if (!existsSync(file)) await makeKeyFile(params, file);
    return decodeKey(await readFile(file, 'utf8'), file);
  } catch (cause) {
    if (cause instanceof MapwrightError) throw cause;
    throw new MapwrightError('KEY_MISSING', `The encryption key cannot be read: ${messageOf(cause)}`, {
      hint: `Give MAPWRIGHT_KEY, or make ${file} readable.`,
      cause,
    });
  }
}

function decodeKey(text: string, from: string): Uint8Array {
  const trimmed = text.trim();
  const bytes = /^[0-9a-fA-F]{64}$/u.test(trimmed)
    ? Buffer.from(trimmed, 'hex')
    : /^[A-Za-z0-9+/_-]{43}=?$/u.test(trimmed)
      ? Buffer.from(trimmed, 'base64')
      : undefined;
  if (bytes?.length === KEY_BYTES) return new Uint8Array(bytes);
  throw new MapwrightError('KEY_INVALID', `${from} does not hold an encryption key.`, {
    hint: 'A key is 32 bytes, written as 64 hex digits or as base64: `openssl rand -hex 32` makes one.',
  });
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
    await handle.writeFile(`${randomBytes(KEY_BYTES).toString('hex')}\n`);
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
