import { MapwrightError } from '../../core/error.ts';
import { keyIdOf, unreadable } from '../sealing.ts';
import { addKey, keepOneKey, readKeyFile } from './key-file.ts';
import type { KeyRing } from './key-ring.ts';

/** What the database says of the keys, with NULL for what is not known or not so. */
export interface KeyRow {
  readonly inForce: string | null;
  readonly rotatingSince: number | null;
}

/** The columns of a `KeyRow`, of the table `install`. */
export const KEY_COLUMNS = 'sealing_key AS "inForce", rotating_since AS "rotatingSince"';

/**
 * The key that an install of an earlier version has sealed under: that of its first user's access key, if it was given,
 * else the first.
 */
export function keyInUse(ring: KeyRing, accessKey: string | undefined): string {
  const used = accessKey === undefined ? undefined : keyIdOf(accessKey);
  return used !== undefined && ring.has(used) ? used : ring.currentId;
}

/** Takes the keys as they stand in the file now. A file that cannot be read for a moment changes nothing. */
export async function rereadKeys(ring: KeyRing): Promise<void> {
  if (ring.source.kind !== 'file') return;
  const keys = await readKeyFile(ring.source.file).catch(() => undefined);
  if (keys !== undefined) ring.give(keys);
}

/** Puts a new key first into the file, unless somebody has. Rejects with KEY_NEXT_MISSING or KEY_FILE_UNWRITABLE. */
export async function makeNextKey(ring: KeyRing, inForce: string): Promise<string> {
  if (ring.source.kind !== 'file') throw nextKeyMissing();
  await rereadKeys(ring);
  if (ring.ids[0] === inForce) {
    await addKey(ring.source.file);
    await rereadKeys(ring);
  }
  return ring.ids[0] ?? inForce;
}

/** Leaves one key in the file, where there is one. Gives the files in which the others are now. */
export async function retireKeys(ring: KeyRing, inForce: string): Promise<readonly string[]> {
  if (ring.source.kind !== 'file') return [];
  const files = await keepOneKey(ring.source.file, inForce);
  await rereadKeys(ring);
  return files;
}

/** SECRET_UNREADABLE, of an install that goes over to a key that is not among those given. */
export function keyWithheld(ring: KeyRing, id: string): MapwrightError {
  return unreadable(`The install goes over to key ${id}, and the keys given are: ${ring.ids.join(', ')}.`);
}

function nextKeyMissing(): MapwrightError {
  return new MapwrightError('KEY_NEXT_MISSING', 'There is no key to go over to: MAPWRIGHT_KEY holds one key.', {
    hint: 'Make one with `openssl rand -hex 32`, start every node with MAPWRIGHT_KEY="NEW OLD", and give the command again.',
  });
}
