import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, realpath } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { MapwrightError } from '../../core/error.ts';

/** A socket's path is kept by the system in 104 to 108 bytes, its closing zero among them. */
const MAX_SOCKET_PATH_BYTES = 100;
const SOCKET_NAME = 'control.sock';

/**
 * Where the control socket of an install is: in its folder, or, when that path is too long for a socket, in a folder of
 * the user's own among the temporary files; on Windows a named pipe. The same folder gives the same address, however it
 * is written. Rejects with the system's error when the folder does not exist.
 */
export async function controlAddress(folder: string): Promise<string> {
  const real = await realpath(folder);
  const name = createHash('sha256').update(real).digest('hex').slice(0, 24);
  if (process.platform === 'win32') return `\\\\.\\pipe\\mapwright-${name}`;
  const inside = join(real, SOCKET_NAME);
  if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH_BYTES) return inside;
  return join(tmpdir(), `mapwright-${userInfo().uid}`, `${name}.sock`);
}

/** Makes the folder that a far-off socket stands in, open to this user alone. Rejects with CONTROL_FOLDER_UNSAFE. */
export async function prepareSocketFolder(address: string): Promise<void> {
  if (!isFarOff(address)) return;
  const socketFolder = dirname(address);
  await mkdir(socketFolder, { recursive: true, mode: 0o700 });
  await requireOwnSocketFolder(address);
  await chmod(socketFolder, 0o700);
}

/**
 * Anybody may have made a folder of that name among the temporary files before us, and whoever serves a socket in it is
 * told secrets. Rejects with CONTROL_FOLDER_UNSAFE, or with the system's error when there is no such folder.
 */
export async function requireOwnSocketFolder(address: string): Promise<void> {
  if (!isFarOff(address)) return;
  const socketFolder = dirname(address);
  const found = await lstat(socketFolder);
  if (!found.isDirectory() || found.uid !== userInfo().uid) {
    throw new MapwrightError('CONTROL_FOLDER_UNSAFE', `${socketFolder} belongs to another user`, {
      hint: 'set TMPDIR to a folder of your own, or put the install folder under a shorter path',
    });
  }
}

/** True for a socket that does not stand in the install's own folder. */
function isFarOff(address: string): boolean {
  return process.platform !== 'win32' && basename(address) !== SOCKET_NAME;
}
