import { createHash } from 'node:crypto';
import type { AttemptBound, AttemptCount, AttemptStore, CountedAttempts } from '../../core/attempts.ts';
import type { PostgresDatabase, Session } from './database.ts';
import { rowSet, texts } from './row-set.ts';

/** Rows that are kept at most, about; strangers decide how many keys there are. */
const MOST_ROWS = 100_000;
/** From one look for what is over to the next, in changes of this process. */
const CHANGES_BETWEEN_LOOKS = 200;

interface CountRow extends AttemptCount {
  readonly key: string;
}

/** Attempts on PostgreSQL, counted for all nodes. */
export function createAttemptStore(db: PostgresDatabase, mostRows = MOST_ROWS): AttemptStore {
  let changes = 0;
  const changed = async (now: number): Promise<void> => {
    changes += 1;
    if (changes % CHANGES_BETWEEN_LOOKS !== 0) return;
    await db.run(FORGET_OVER, [now]);
    await db.run(FORGET_TOO_MANY, [mostRows]);
  };
  return {
    async take(bounds, now) {
      const waitMs = await db.transaction((session) => take(session, bounds, now)).catch(waitOf);
      await changed(now);
      return waitMs;
    },
    async giveBack(keys) {
      await db.run(GIVE_BACK, [texts(keys.map(nameOf))]);
    },
    async clear(keys) {
      await db.run(CLEAR, [texts(keys.map(nameOf))]);
    },
    async add(given, now) {
      const rows = await addAll(db, given, now);
      await changed(now);
      return rows;
    },
  };
}

/** Undoes what was counted before it was seen that a bound is reached. */
class Throttled extends Error {
  readonly waitMs: number;

  constructor(waitMs: number) {
    super('too many attempts');
    this.waitMs = waitMs;
  }
}

function waitOf(thrown: unknown): number {
  if (thrown instanceof Throttled) return thrown.waitMs;
  throw thrown;
}

async function take(session: Session, bounds: readonly AttemptBound[], now: number): Promise<number> {
  const counts = await addAll(
    session,
    bounds.map(({ key, windowMs }) => ({ key, windowMs, count: 1 })),
    now,
  );
  const reached = bounds.flatMap(({ most, unless }, index) => {
    const { count, until } = counts[index] ?? { count: 0, until: now };
    return count > most ? [{ unless, waitMs: until - now }] : [];
  });
  if (reached.length === 0) return 0;
  const excused = await standing(session, { keys: reached.flatMap(({ unless }) => unless ?? []), now });
  const waitMs = Math.max(
    0,
    ...reached.map(({ unless, waitMs: wait }) => (unless !== undefined && excused.has(nameOf(unless)) ? 0 : wait)),
  );
  if (waitMs > 0) throw new Throttled(waitMs);
  return 0;
}

async function standing(
  session: Session,
  { keys, now }: { readonly keys: readonly string[]; readonly now: number },
): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const rows = await session.all<{ key: string }>(STANDING, [texts(keys.map(nameOf)), now]);
  return new Set(rows.map(({ key }) => key));
}

/** In one order of keys, so that nodes wait for each other and never in a circle. */
async function addAll(session: Session, given: readonly CountedAttempts[], now: number): Promise<AttemptCount[]> {
  if (given.length === 0) return [];
  const rows = given.map(({ key, count, windowMs }) => ({ key: nameOf(key), count, until: now + windowMs }));
  const after = await session.all<CountRow>(ADD, [...offered.values(rows), now]);
  const found = new Map(after.map((row) => [row.key, row]));
  return rows.map(({ key, count, until }) => {
    const row = found.get(key);
    return { count: row?.count ?? count, until: row?.until ?? until };
  });
}

/** Names and addresses are as long as strangers like, and nobody needs to read them here. */
function nameOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}

const offered = rowSet({ key: 'text', count: 'bigint', until: 'bigint' });
const ADD = `INSERT INTO attempt_counts AS kept (key, count, until) SELECT key, count, until FROM ${offered.source} ORDER BY key
  ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN kept.until <= $4 THEN excluded.count ELSE kept.count + excluded.count END,
    until = CASE WHEN kept.until <= $4 THEN excluded.until ELSE kept.until END
  RETURNING key, count, until`;
const STANDING = 'SELECT key FROM attempt_counts WHERE key = ANY($1::text[]) AND until > $2 AND count > 0';
const GIVE_BACK = `UPDATE attempt_counts SET count = count - 1 WHERE count > 0 AND key IN
  (SELECT key FROM attempt_counts WHERE key = ANY($1::text[]) ORDER BY key FOR UPDATE)`;
const CLEAR = 'DELETE FROM attempt_counts WHERE key = ANY($1::text[])';
const FORGET_OVER = 'DELETE FROM attempt_counts WHERE until <= $1';
const FORGET_TOO_MANY = `DELETE FROM attempt_counts WHERE key IN (SELECT key FROM attempt_counts ORDER BY until
  LIMIT greatest(0, (SELECT count(*) FROM attempt_counts) - $1::bigint))`;
