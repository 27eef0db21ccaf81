import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Where schedules stand, one row for each. */
export const schedules = sqliteTable('schedules', {
  name: text('name').primaryKey(),
  /** Counts the saves. */
  version: integer('version').notNull(),
  revision: integer('revision').notNull(),
  timing: text('timing').notNull(),
  settledUntil: integer('settled_until').notNull(),
  pausedAt: integer('paused_at'),
  pausedBy: text('paused_by'),
  /** The slot that is being worked, as JSON. */
  work: text('work'),
  holder: text('holder'),
  heldUntil: integer('held_until'),
  /** What became of the last slot, as JSON. */
  last: text('last'),
  missed: integer('missed').notNull(),
});
