import type { StoreWatch } from '../../core/store-watch.ts';
import { backlogOf, backlogText, PROBE_SCOPE } from '../backlog-query.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import type { QueryThread } from './query-thread.ts';
import { UNFINISHED_RUNS } from './run-listing.ts';

/** Looks at how a store on SQLite is doing; what waits is counted on the reader thread. */
export function createStoreWatch(parts: {
  readonly db: SqliteDatabase;
  readonly commits: GroupCommit;
  readonly queries: QueryThread;
}): StoreWatch {
  const { db, commits, queries } = parts;
  const write = db.prepare<[string, number]>(
    "INSERT INTO dedup_keys (scope, key, body_hash, answer, expires_at) VALUES (?, '', '', '', ?) ON CONFLICT DO NOTHING",
  );
  const takeBack = db.prepare<[string]>('DELETE FROM dedup_keys WHERE scope = ?');
  return {
    async backlog(now) {
      const rows = await queries.query({ sql: backlogText(UNFINISHED_RUNS), values: [now] });
      return backlogOf(
        rows.map(([what, kind, count, oldest]) => [
          String(what),
          typeof kind === 'string' ? kind : null,
          Number(count),
          typeof oldest === 'number' ? oldest : null,
        ]),
      );
    },
    // An UPDATE that changes no byte would be written nowhere; these two pages are.
    probe: (now) =>
      commits.write(() => {
        write.run(PROBE_SCOPE, now);
        takeBack.run(PROBE_SCOPE);
      }),
    commits: () => ({ transactions: commits.count, units: commits.units }),
  };
}
