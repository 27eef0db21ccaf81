import type { Json } from '../../core/json.ts';
import type { CommitResult, DedupKey } from '../../core/unit-of-work.ts';
import type { SqliteDatabase } from './database.ts';

const FORGOTTEN_PER_KEY = 4;

interface DedupRow {
  readonly bodyHash: string;
  readonly answer: string;
}

/** Facts committed at most once while their keys have not expired. */
export class DedupKeys {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase) {
    this.#sql = prepare(db);
  }

  find(scope: string, key: string, now: number): { readonly bodyHash: string; readonly answer: Json } | undefined {
    const row = this.#sql.select.get(scope, key, now);
    return row === undefined ? undefined : { bodyHash: row.bodyHash, answer: JSON.parse(row.answer) };
  }

  /** Stores the key, or gives the duplicate. Forgets a few expired ones on the way, so that they never pile up. */
  take(dedup: DedupKey, now: number): Extract<CommitResult, { kind: 'duplicate' }> | undefined {
    const earlier = this.find(dedup.scope, dedup.key, now);
    if (earlier !== undefined) {
      return { kind: 'duplicate', sameBody: earlier.bodyHash === dedup.bodyHash, answer: earlier.answer };
    }
    this.#sql.forget.run(now, FORGOTTEN_PER_KEY);
    this.#sql.insert.run(dedup.scope, dedup.key, dedup.bodyHash, JSON.stringify(dedup.answer), dedup.expiresAt);
    return undefined;
  }

  /** Replaces what duplicates of a stored key are answered with. */
  answer({ scope, key }: DedupKey, answer: Json): void {
    this.#sql.answer.run(JSON.stringify(answer), scope, key);
  }
}

function prepare(db: SqliteDatabase) {
  return {
    select: db.prepare<[string, string, number], DedupRow>(
      'SELECT body_hash AS bodyHash, answer FROM dedup_keys WHERE scope = ? AND key = ? AND expires_at > ?',
    ),
    insert: db.prepare<[string, string, string, string, number]>(
      'INSERT OR REPLACE INTO dedup_keys (scope, key, body_hash, answer, expires_at) VALUES (?, ?, ?, ?, ?)',
    ),
    answer: db.prepare<[string, string, string]>('UPDATE dedup_keys SET answer = ? WHERE scope = ? AND key = ?'),
    forget: db.prepare<[number, number]>(
      `DELETE FROM dedup_keys WHERE rowid IN
         (SELECT rowid FROM dedup_keys WHERE expires_at <= +? ORDER BY expires_at LIMIT +?)`,
    ),
  };
}
