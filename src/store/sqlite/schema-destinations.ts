import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Destinations that were down or held back once, with the state they are in now as JSON. */
export const destinations = sqliteTable('destinations', {
  key: text('key').primaryKey(),
  version: integer('version').notNull(),
  state: text('state').notNull(),
  changedAt: integer('changed_at').notNull(),
});
