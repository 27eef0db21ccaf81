import type { MessageStore } from '../../core/message-store.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';

/** A message store on SQLite. */
export function createMessageStore(db: SqliteDatabase, commits: GroupCommit): MessageStore {
  const sql = prepare(db);
  return {
    send: ({ channel, text, key, expiresAt }) =>
      commits.write(() => sql.insert.run(channel, text, expiresAt, key).changes > 0),
    take: ({ channel, key, at }) =>
      commits.write(() => {
        const mine = sql.mine.get(key);
        if (mine !== undefined) return mine.text;
        const oldest = sql.oldest.get(channel, at);
        if (oldest !== undefined) sql.take.run(key, oldest.sequence);
        return oldest?.text;
      }),
  };
}

function prepare(db: SqliteDatabase) {
  return {
    insert: db.prepare<[string, string, number, string]>(
      'INSERT INTO messages (channel, text, expires_at, sent_as) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    mine: db.prepare<[string], { text: string }>('SELECT text FROM messages WHERE taken_as = ?'),
    oldest: db.prepare<[string, number], { sequence: number; text: string }>(
      `SELECT sequence, text FROM messages WHERE channel = ? AND taken_as IS NULL AND expires_at > ?
       ORDER BY sequence LIMIT 1`,
    ),
    take: db.prepare<[string, number]>('UPDATE messages SET taken_as = ? WHERE sequence = ?'),
  };
}
