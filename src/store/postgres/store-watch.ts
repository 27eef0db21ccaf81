import type { CommitCounts, StoreWatch } from '../../core/store-watch.ts';
import { type BacklogRow, backlogOf, backlogText, PROBE_SCOPE } from '../backlog-query.ts';
import type { PostgresDatabase } from './database.ts';
import { numbered } from './postgres-dialect.ts';

interface CountedRow {
  readonly what: string;
  readonly kind: string | null;
  readonly count: number;
  readonly oldest: number | null;
}

/** Looks at how a store on PostgreSQL is doing. The backlog is that of all nodes, the commits are this node's. */
export function createStoreWatch(parts: {
  readonly db: PostgresDatabase;
  readonly commits: { counts(): CommitCounts };
}): StoreWatch {
  const { db, commits } = parts;
  return {
    async backlog(now) {
      const rows = await db.all<CountedRow>(numbered(backlogText('runs')), [now]);
      return backlogOf(rows.map(({ what, kind, count, oldest }): BacklogRow => [what, kind, count, oldest]));
    },
    probe: (now) =>
      db.transaction(async (session) => {
        await session.run(
          `INSERT INTO dedup_keys (scope, key, body_hash, answer, expires_at) VALUES ($1, '', '', '', $2)
           ON CONFLICT DO NOTHING`,
          [PROBE_SCOPE, now],
        );
        await session.run('DELETE FROM dedup_keys WHERE scope = $1', [PROBE_SCOPE]);
      }),
    commits: () => commits.counts(),
  };
}
