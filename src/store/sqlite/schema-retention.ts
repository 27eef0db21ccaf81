import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Runs that are no longer there, and whose rows are being cleared away. */
export const removedRuns = sqliteTable('removed_runs', { run: integer('run').primaryKey() });

/** Jobs that are no longer there, and whose items are being cleared away. */
export const removedJobs = sqliteTable('removed_jobs', { job: integer('job').primaryKey() });

/** Which long texts the context of a run has ever held: a text stays as long as one of them is there. */
export const runTexts = sqliteTable(
  'run_texts',
  { run: integer('run').notNull(), hash: text('hash').notNull() },
  (held) => [primaryKey({ columns: [held.run, held.hash] }), index('run_texts_hash').on(held.hash)],
);

/** One row: who removes what has been kept long enough, and how the last round went. */
export const retention = sqliteTable('retention', {
  id: integer('id').primaryKey(),
  holder: text('holder'),
  heldUntil: integer('held_until').notNull(),
  startedAt: integer('started_at'),
  endedAt: integer('ended_at'),
  left: integer('left_over').notNull(),
});

/** How much of each kind was removed since the install was made. */
export const retentionTotals = sqliteTable('retention_totals', {
  kind: text('kind').primaryKey(),
  removed: integer('removed').notNull(),
});
