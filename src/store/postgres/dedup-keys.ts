import type { Json } from '../../core/json.ts';
import type { CommitResult, DedupKey } from '../../core/unit-of-work.ts';
import type { Session } from './database.ts';
import { rowSet, storable } from './row-set.ts';
import { together } from './together.ts';

const FORGOTTEN_PER_KEY = 4;

/** A key that is to be stored, at a time. */
export interface OfferedKey {
  readonly dedup: DedupKey;
  readonly at: number;
}

/** The answer stored under a dedup key that has not expired. */
export async function findDedup(
  session: Session,
  { scope, key, now }: { readonly scope: string; readonly key: string; readonly now: number },
): Promise<{ readonly bodyHash: string; readonly answer: Json } | undefined> {
  const [row] = await session.all<StoredKey>(FIND, [storable(scope), storable(key), now]);
  return row === undefined ? undefined : { bodyHash: row.bodyHash, answer: JSON.parse(row.answer) };
}

/**
 * Stores keys, all different; gives for each what it is a duplicate of, if anything. Another transaction that stores one of
 * them waits for the end of this one. Forgets a few expired keys on the way, so that they never pile up.
 */
export async function takeDedupKeys(
  session: Session,
  keys: readonly OfferedKey[],
): Promise<(Extract<CommitResult, { kind: 'duplicate' }> | undefined)[]> {
  if (keys.length === 0) return [];
  const now = Math.min(...keys.map(({ at }) => at));
  const [taken] = await together([
    session.all<NamedKey>(TAKE, offered.values(keys.map(rowOf))),
    session.run(FORGET, [now, FORGOTTEN_PER_KEY * keys.length]),
  ]);
  const isTaken = new Set(taken.map(nameOf));
  const others = keys.filter(({ dedup }) => !isTaken.has(nameOf(stored(dedup))));
  const found = others.length === 0 ? [] : await session.all<StoredKey>(SELECT, named.values(others.map(nameRow)));
  const earlier = new Map(found.map((row) => [nameOf(row), row]));
  return keys.map(({ dedup }) => {
    const row = earlier.get(nameOf(stored(dedup)));
    if (row === undefined) return undefined;
    return { kind: 'duplicate', sameBody: row.bodyHash === dedup.bodyHash, answer: JSON.parse(row.answer) };
  });
}

/** Forgets keys that were just stored: what they stood for is not done. */
export async function dropDedupKeys(session: Session, keys: readonly OfferedKey[]): Promise<void> {
  if (keys.length > 0) await session.run(DROP, named.values(keys.map(nameRow)));
}

/** Replaces what duplicates of stored keys are answered with. */
export async function answerDedupKeys(
  session: Session,
  answers: readonly { readonly dedup: DedupKey; readonly answer: Json }[],
): Promise<void> {
  if (answers.length === 0) return;
  const rows = answers.map(({ dedup, answer }) => ({ ...stored(dedup), answer: JSON.stringify(answer) }));
  await session.run(ANSWER, answered.values(rows));
}

interface NamedKey {
  readonly scope: string;
  readonly key: string;
}

interface StoredKey extends NamedKey {
  readonly bodyHash: string;
  readonly answer: string;
}

function stored({ scope, key }: DedupKey): NamedKey {
  return { scope: storable(scope), key: storable(key) };
}

function nameOf({ scope, key }: NamedKey): string {
  return `${scope}/${key}`;
}

function nameRow({ dedup }: OfferedKey): NamedKey & { readonly [name: string]: string } {
  return { ...stored(dedup) };
}

function rowOf({ dedup, at }: OfferedKey) {
  const { bodyHash, answer, expiresAt } = dedup;
  return { ...stored(dedup), bodyHash, answer: JSON.stringify(answer), expiresAt, at };
}

const offered = rowSet({
  scope: 'text',
  key: 'text',
  bodyHash: 'text',
  answer: 'text',
  expiresAt: 'bigint',
  at: 'bigint',
});
const named = rowSet({ scope: 'text', key: 'text' });
const answered = rowSet({ scope: 'text', key: 'text', answer: 'text' });

const FIND = `SELECT scope, key, body_hash AS "bodyHash", answer FROM dedup_keys
  WHERE scope = $1 AND key = $2 AND expires_at > $3`;
// Stored in one order by everybody, so that nobody waits in a circle.
const TAKE = `INSERT INTO dedup_keys AS kept (scope, key, body_hash, answer, expires_at)
  SELECT scope, key, "bodyHash", answer, "expiresAt" FROM ${offered.source}
  ORDER BY scope COLLATE "C", key COLLATE "C"
  ON CONFLICT (scope, key) DO UPDATE SET body_hash = excluded.body_hash, answer = excluded.answer,
      expires_at = excluded.expires_at
    WHERE kept.expires_at <= (SELECT at FROM ${offered.source}
      WHERE given.scope = excluded.scope AND given.key = excluded.key)
  RETURNING scope, key`;
const SELECT = `SELECT dedup_keys.scope, dedup_keys.key, body_hash AS "bodyHash", answer FROM ${named.source}
  JOIN dedup_keys ON dedup_keys.scope = given.scope AND dedup_keys.key = given.key`;
const DROP = `DELETE FROM dedup_keys USING ${named.source}
  WHERE dedup_keys.scope = given.scope AND dedup_keys.key = given.key`;
const ANSWER = `UPDATE dedup_keys SET answer = given.answer FROM ${answered.source}
  WHERE dedup_keys.scope = given.scope AND dedup_keys.key = given.key`;
// What another transaction is about to renew is left alone.
const FORGET = `DELETE FROM dedup_keys WHERE (scope, key) IN (SELECT scope, key FROM dedup_keys
  WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;
