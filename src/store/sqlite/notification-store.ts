import type { Notice, Notification, NotificationFilter, NotificationStore } from '../../core/notification.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { guarded } from './sqlite-failure.ts';

interface NotificationRow {
  readonly id: number;
  readonly at: number;
  readonly user: string;
  readonly text: string;
  readonly run: number | null;
  readonly task: string;
  readonly recordId: string | null;
  readonly readAt: number | null;
}

/** Notifications on SQLite. */
export class Notifications {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase) {
    this.#sql = prepare(db);
  }

  /** To be called inside a unit of the group commit. */
  add({ user, text, run, task, recordId }: Notice, at: number): void {
    this.#sql.insert.run(at, user, text, run ?? null, task, recordId ?? null);
  }

  list({ user, unreadOnly, before, limit }: NotificationFilter): Notification[] {
    const bounds = { before: before ?? Number.MAX_SAFE_INTEGER, unread: Number(unreadOnly), limit };
    const rows = user === undefined ? this.#sql.all.all(bounds) : this.#sql.ofUser.all({ ...bounds, user });
    return rows.map((row) => ({
      ...row,
      run: row.run ?? undefined,
      recordId: row.recordId ?? undefined,
      readAt: row.readAt ?? undefined,
    }));
  }

  /** The ids that name none; when there are any, nothing is marked. To be called inside a unit of the group commit. */
  markRead(ids: readonly number[], at: number): number[] {
    const unknown = ids.filter((id) => this.#sql.exists.get(id) === undefined);
    if (unknown.length === 0) for (const id of ids) this.#sql.markRead.run(at, id);
    return unknown;
  }
}

/** A notification store on SQLite. */
export function createNotificationStore(notifications: Notifications, commits: GroupCommit): NotificationStore {
  return {
    notifications: guarded((filter) => notifications.list(filter)),
    markRead: ({ ids, at }) => commits.write(() => notifications.markRead(ids, at)),
  };
}

interface Bounds {
  readonly before: number;
  readonly unread: number;
  readonly limit: number;
}

function prepare(db: SqliteDatabase) {
  const select = `SELECT sequence AS id, at, user, text, run, task, record_id AS recordId, read_at AS readAt
    FROM notifications WHERE sequence < @before AND (@unread = 0 OR read_at IS NULL)`;
  const page = 'ORDER BY sequence DESC LIMIT @limit';
  return {
    insert: db.prepare<[number, string, string, number | null, string, string | null]>(
      'INSERT INTO notifications (at, user, text, run, task, record_id) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    all: db.prepare<Bounds, NotificationRow>(`${select} ${page}`),
    ofUser: db.prepare<Bounds & { readonly user: string }, NotificationRow>(`${select} AND user = @user ${page}`),
    exists: db.prepare<[number], unknown>('SELECT 1 FROM notifications WHERE sequence = ?'),
    markRead: db.prepare<[number, number]>(
      'UPDATE notifications SET read_at = ? WHERE sequence = ? AND read_at IS NULL',
    ),
  };
}
