import { randomBytes } from 'node:crypto';
import { open, readFile, realpath, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MapwrightError, messageOf } from '../../core/error.ts';
import { decodeKeys, newKeyText } from '../encryption-key.ts';
import { sealingKey } from '../sealing.ts';

/** The keys in the file, the first the newest. Rejects with KEY_INVALID or the system's error. */
export async function readKeyFile(file: string): Promise<readonly Uint8Array[]> {
  return decodeKeys(await readFile(file, 'utf8'), file);
}

/** Puts a new key in front of those in the file; it is on the disk when this resolves. Rejects with KEY_FILE_UNWRITABLE. */
export async function addKey(file: string): Promise<void> {
  const written = await readFile(file, 'utf8');
  decodeKeys(written, file);
  await replaceFile(file, `${newKeyText()}\n${written.trim()}\n`);
}

/**
 * Leaves one key in the file. Each of the others goes into a file of its own beside it, `mapwright.key.old-ID`, because
 * backups made under it cannot be read without it. Gives those files. Rejects with KEY_FILE_UNWRITABLE.
 */
export async function keepOneKey(file: string, id: string): Promise<readonly string[]> {
  const keys = await readKeyFile(file);
  const kept = keys.find((key) => sealingKey(key).id === id);
  if (kept === undefined || keys.length === 1) return [];
  // By their ids: a key may stand in the file twice.
  const others = new Map(keys.map((key) => [sealingKey(key).id, key]));
  others.delete(id);
  const old = [...others].map(([oldId, key]) => ({ key, file: join(dirname(file), `${basename(file)}.old-${oldId}`) }));
  for (const { key, file: oldFile } of old) await replaceFile(oldFile, `${hex(key)}\n`);
  await replaceFile(file, `${hex(kept)}\n`);
  return old.map(({ file: oldFile }) => oldFile);
}

function hex(key: Uint8Array): string {
  return Buffer.from(key).toString('hex');
}

/** Whole or not at all. Where the name is a link, what it leads to is replaced. */
async function replaceFile(name: string, text: string): Promise<void> {
  const file = await realpath(name).catch(() => name);
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
    await flushFolder(dirname(file));
  } catch (cause) {
    await unlink(draft).catch(() => undefined);
    throw new MapwrightError('KEY_FILE_UNWRITABLE', `${file} cannot be written: ${messageOf(cause)}`, {
      hint: 'Write it yourself: a new key (`openssl rand -hex 32`) on a line above the old one. Then start again with both.',
      cause,
    });
  }
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  // Windows opens no folders: there the system does it by itself.
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
