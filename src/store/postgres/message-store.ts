import { createHash } from 'node:crypto';
import type { MessageStore } from '../../core/message-store.ts';
import type { PostgresDatabase } from './database.ts';
import { Turns } from './turns.ts';

/** Names beyond this are stored as their hash: an index takes no entry of more than 2,704 bytes. */
const LONGEST_NAME = 500;

/** A message store on PostgreSQL. Texts are stored as JSON, because a text of PostgreSQL has no U+0000. */
export function createMessageStore(db: PostgresDatabase): MessageStore {
  const turns = new Turns();
  return {
    send: async ({ channel, text, key, expiresAt }) => {
      const added = await turns.take(() =>
        db.run(
          `INSERT INTO messages (channel, text, expires_at, sent_as) VALUES ($1, $2, $3, $4)
           ON CONFLICT (sent_as) DO NOTHING`,
          [messageName(channel), JSON.stringify(text), expiresAt, messageName(key)],
        ),
      );
      return added > 0;
    },
    take: ({ channel, key, at }) =>
      turns.take(() => take(db, { channel: messageName(channel), key: messageName(key), at })),
  };
}

function take(
  db: PostgresDatabase,
  { channel, key, at }: { readonly channel: string; readonly key: string; readonly at: number },
): Promise<string | undefined> {
  return db.transaction(async (session) => {
    // Of those who read one channel, on any node, one after another: so the oldest message goes to whoever came first.
    await session.run('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [channel]);
    const [mine] = await session.all<{ text: string }>('SELECT text FROM messages WHERE taken_as = $1', [key]);
    const [taken] =
      mine === undefined
        ? await session.all<{ text: string }>(
            `UPDATE messages SET taken_as = $1 WHERE sequence =
               (SELECT sequence FROM messages WHERE channel = $2 AND taken_as IS NULL AND expires_at > $3
                ORDER BY sequence LIMIT 1)
             RETURNING text`,
            [key, channel, at],
          )
        : [mine];
    return taken && readText(taken.text);
  });
}

/** How the name of a channel or a key is stored: equal for equal names, and for no others; without U+0000. */
export function messageName(name: string): string {
  if (name.length <= LONGEST_NAME && !name.includes('\u0000') && !name.startsWith('#')) return name;
  return `#${createHash('sha256').update(name).digest('hex')}`;
}

function readText(json: string): string {
  return JSON.parse(json);
}
