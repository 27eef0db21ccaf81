import { index, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { text, whole } from './schema-columns.ts';

/** Destinations that were down or held back once, with the state they are in now as JSON. */
export const destinations = pgTable('destinations', {
  key: text('key').primaryKey(),
  version: whole('version').notNull(),
  state: text('state').notNull(),
  changedAt: whole('changed_at').notNull(),
});

/** What each node may use of a destination until its lease ends. */
export const destinationShares = pgTable(
  'destination_shares',
  {
    key: text('key').notNull(),
    node: text('node').notNull(),
    places: whole('places').notNull(),
    calls: whole('calls').notNull(),
    wantedPlaces: whole('wanted_places').notNull(),
    wantedCalls: whole('wanted_calls').notNull(),
    until: whole('until').notNull(),
  },
  (share) => [primaryKey({ columns: [share.key, share.node] }), index('destination_shares_node').on(share.node)],
);
