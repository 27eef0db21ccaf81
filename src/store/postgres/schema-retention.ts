import { index, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { text, whole } from './schema-columns.ts';

/** Runs that are no longer there, and whose rows are being cleared away. */
export const removedRuns = pgTable('removed_runs', { run: whole('run').primaryKey() });

/** Jobs that are no longer there, and whose items are being cleared away. */
export const removedJobs = pgTable('removed_jobs', { job: whole('job').primaryKey() });

/** Which long texts the context of a run has ever held: a text stays as long as one of them is there. */
export const runTexts = pgTable('run_texts', { run: whole('run').notNull(), hash: text('hash').notNull() }, (held) => [
  primaryKey({ columns: [held.run, held.hash] }),
  index('run_texts_hash').on(held.hash),
]);

/** One row: who removes what has been kept long enough, and how the last round went. */
export const retention = pgTable('retention', {
  id: whole('id').primaryKey(),
  holder: text('holder'),
  heldUntil: whole('held_until').notNull(),
  startedAt: whole('started_at'),
  endedAt: whole('ended_at'),
  left: whole('left_over').notNull(),
});

/** How much of each kind was removed since the install was made. */
export const retentionTotals = pgTable('retention_totals', {
  kind: text('kind').primaryKey(),
  removed: whole('removed').notNull(),
});
