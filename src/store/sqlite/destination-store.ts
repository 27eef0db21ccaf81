import type { DestinationBacklog, DestinationStore } from '../../core/destination.ts';
import { type DestinationRow, destinationOf, storedState } from '../destination-row.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';

/** A destination store on SQLite. One process owns the install, so its share is the whole. */
export function createDestinationStore(db: SqliteDatabase, commits: GroupCommit): DestinationStore {
  const sql = prepare(db);
  return {
    isShared: false,
    states: () => commits.write(() => sql.states.all().map(destinationOf)),
    change: ({ key, after, state, at }) =>
      commits.write(() => {
        const text = storedState(state);
        const done = after === 0 ? sql.insert.run(key, text, at) : sql.update.run(text, at, key, after);
        return done.changes > 0;
      }),
    backlog: () => commits.write(() => sql.backlog.all()),
    share: async ({ wishes }) =>
      wishes.map(({ key, places, calls, wantedPlaces, wantedCalls }) =>
        wantedPlaces + wantedCalls === 0 ? { key, places: 0, calls: 0 } : { key, places, calls: calls ?? 0 },
      ),
    leave: async () => undefined,
  };
}

function prepare(db: SqliteDatabase) {
  return {
    states: db.prepare<[], DestinationRow>('SELECT key, version, state FROM destinations ORDER BY key'),
    insert: db.prepare<[string, string, number]>(
      'INSERT INTO destinations (key, version, state, changed_at) VALUES (?, 1, ?, ?) ON CONFLICT DO NOTHING',
    ),
    update: db.prepare<[string, number, string, number]>(
      'UPDATE destinations SET version = version + 1, state = ?, changed_at = ? WHERE key = ? AND version = ?',
    ),
    backlog: db.prepare<[], DestinationBacklog>(
      `SELECT wait_key AS key, count(*) AS waiting, min(wait_since) AS since FROM runs
       WHERE wait_for = 'limit' AND wait_key IS NOT NULL GROUP BY wait_key ORDER BY wait_key`,
    ),
  };
}
