import { pgTable } from 'drizzle-orm/pg-core';
import { text, whole } from './schema-columns.ts';

/** Where schedules stand, one row for each. */
export const schedules = pgTable('schedules', {
  name: text('name').primaryKey(),
  /** Counts the saves. */
  version: whole('version').notNull(),
  revision: whole('revision').notNull(),
  timing: text('timing').notNull(),
  settledUntil: whole('settled_until').notNull(),
  pausedAt: whole('paused_at'),
  pausedBy: text('paused_by'),
  /** The slot that is being worked, as JSON. */
  work: text('work'),
  holder: text('holder'),
  heldUntil: whole('held_until'),
  /** What became of the last slot, as JSON. */
  last: text('last'),
  missed: whole('missed').notNull(),
});
