import { keyRing } from '../key/key-ring.ts';
import type { KeyRing } from '../key/key-ring.ts';
import { unreadable } from '../sealing.ts';
import { accessKeyPurpose } from '../user-row.ts';
import type { SqliteDatabase } from './database.ts';
import { withheldKeys } from './key-store.ts';

/**
 * Throws SECRET_UNREADABLE when the install's secrets were sealed under a key that is not given; where a change of the key
 * was under way, when any of them was.
 */
export function requireFittingKey(db: SqliteDatabase, keys: Uint8Array | KeyRing): void {
  const ring = keyRing(keys);
  const user = db
    .prepare<[], { number: number; sealed: string }>(
      'SELECT number, access_key AS sealed FROM users ORDER BY number LIMIT 1',
    )
    .get();
  if (user !== undefined) ring.open(accessKeyPurpose(user.number), user.sealed);
  const withheld = withheldKeys(db, ring);
  if (withheld.length === 0) return;
  throw unreadable(
    `The key was being changed: some values are still under key ${withheld.join(', ')}, and the keys given are: ${ring.ids.join(', ')}.`,
  );
}
