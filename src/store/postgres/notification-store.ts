import type { Notice, Notification, NotificationFilter, NotificationStore } from '../../core/notification.ts';
import type { PostgresDatabase, Session, SqlParameter } from './database.ts';

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

/** A notification store on PostgreSQL; notices are added by whoever commits the unit of work. */
export function createNotificationStore(db: PostgresDatabase): NotificationStore {
  return {
    async notifications(filter) {
      const { sql, values } = listing(filter);
      const rows = await db.all<NotificationRow>(sql, values);
      return rows.map(notificationOf);
    },
    markRead: ({ ids, at }) =>
      db.transaction(async (session) => {
        const wanted = [...new Set(ids)];
        const rows = await session.all<{ id: number }>(
          'SELECT sequence AS id FROM notifications WHERE sequence = ANY($1::bigint[]) ORDER BY sequence FOR UPDATE',
          [wanted],
        );
        const found = new Set(rows.map(({ id }) => id));
        const unknown = ids.filter((id) => !found.has(id));
        if (unknown.length > 0) return unknown;
        await session.run(
          'UPDATE notifications SET read_at = $1 WHERE sequence = ANY($2::bigint[]) AND read_at IS NULL',
          [at, wanted],
        );
        return [];
      }),
  };
}

/** Adds what users are told, in this order. To be called inside the transaction of what it tells of. */
export async function insertNotices(
  session: Session,
  notices: readonly (Notice & { readonly at: number })[],
): Promise<void> {
  if (notices.length === 0) return;
  await session.run(
    `INSERT INTO notifications (at, "user", text, run, task, record_id)
     SELECT at, told, text, run, task, record_id
     FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[])
       WITH ORDINALITY AS notice (at, told, text, run, task, record_id, place)
     ORDER BY place`,
    [
      notices.map(({ at }) => at),
      notices.map(({ user }) => user),
      notices.map(({ text }) => text.replaceAll('\u0000', '\uFFFD')),
      notices.map(({ run }) => run ?? null),
      notices.map(({ task }) => task),
      notices.map(({ recordId }) => recordId ?? null),
    ],
  );
}

function listing({ user, unreadOnly, before, limit }: NotificationFilter): {
  readonly sql: string;
  readonly values: readonly SqlParameter[];
} {
  const select = `SELECT sequence AS id, at, "user", text, run, task, record_id AS "recordId", read_at AS "readAt"
    FROM notifications WHERE sequence < $1 ${unreadOnly ? 'AND read_at IS NULL' : ''}`;
  const values = [before ?? Number.MAX_SAFE_INTEGER, limit];
  const page = 'ORDER BY sequence DESC LIMIT $2';
  return user === undefined
    ? { sql: `${select} ${page}`, values }
    : { sql: `${select} AND "user" = $3 ${page}`, values: [...values, user] };
}

function notificationOf(row: NotificationRow): Notification {
  const { run, recordId, readAt } = row;
  return { ...row, run: run ?? undefined, recordId: recordId ?? undefined, readAt: readAt ?? undefined };
}
