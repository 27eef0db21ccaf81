import { sealingKey, unseal } from '../sealing.ts';
import { accessKeyPurpose } from '../user-row.ts';
import type { SqliteDatabase } from './database.ts';

/** Throws SECRET_UNREADABLE when the install's secrets were sealed under another key. */
export function requireFittingKey(db: SqliteDatabase, key: Uint8Array): void {
  const user = db
    .prepare<[], { number: number; sealed: string }>(
      'SELECT number, access_key AS sealed FROM users ORDER BY number LIMIT 1',
    )
    .get();
  if (user !== undefined) unseal(sealingKey(key), accessKeyPurpose(user.number), user.sealed);
}
