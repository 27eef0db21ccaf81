import { PostgresDatabase } from './database.ts';
import { COMMIT_SETTINGS } from './unit-commits.ts';

/** A search that takes longer is stopped, so that it does not keep a connection for ever. */
const LONGEST_SEARCH_MS = 30_000;

/** Connections by what they are for, so that nothing slow keeps what is urgent waiting. */
export interface Pools {
  readonly db: PostgresDatabase;
  /** For units of work, claims and heartbeats. */
  readonly commits: PostgresDatabase;
  readonly searches: PostgresDatabase;
}

/** Connects with the first statement of each. Throws STORE_URL_INVALID. */
export function openPools(url: string): Pools {
  return {
    db: new PostgresDatabase({ url }),
    commits: new PostgresDatabase({ url, settings: COMMIT_SETTINGS }),
    searches: new PostgresDatabase({ url, statementTimeoutMs: LONGEST_SEARCH_MS }),
  };
}

/** Waits for what is under way. */
export async function closePools({ db, commits, searches }: Pools): Promise<void> {
  await Promise.all([db.close(), commits.close(), searches.close()]);
}
