import type { DestinationBacklog, DestinationStore } from '../../core/destination.ts';
import { type DestinationRow, destinationOf, storedState } from '../destination-row.ts';
import type { PostgresDatabase } from './database.ts';
import { shareDestinations } from './destination-shares.ts';

/** A destination store on PostgreSQL, for all nodes. */
export function createDestinationStore(db: PostgresDatabase): DestinationStore {
  return {
    isShared: true,
    states: async () => (await db.all<DestinationRow>(STATES)).map(destinationOf),
    async change({ key, after, state, at }) {
      const text = storedState(state);
      const changed =
        after === 0 ? await db.run(INSERT, [key, text, at]) : await db.run(UPDATE, [key, text, at, after]);
      return changed > 0;
    },
    backlog: () => db.all<DestinationBacklog>(BACKLOG),
    share: async (params) => (params.wishes.length === 0 ? [] : shareDestinations(db, params)),
    async leave(node) {
      await db.run('DELETE FROM destination_shares WHERE node = $1', [node]);
    },
  };
}

const STATES = 'SELECT key, version, state FROM destinations ORDER BY key';
const INSERT = `INSERT INTO destinations (key, version, state, changed_at) VALUES ($1, 1, $2, $3) ON CONFLICT DO NOTHING`;
const UPDATE = `UPDATE destinations SET version = version + 1, state = $2, changed_at = $3 WHERE key = $1 AND version = $4`;
const BACKLOG = `SELECT wait_key AS key, count(*) AS waiting, min(wait_since) AS since FROM runs
  WHERE wait_for = 'limit' AND wait_key IS NOT NULL GROUP BY wait_key ORDER BY wait_key`;
