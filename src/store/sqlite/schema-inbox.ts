import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Runs that need a person, or needed one; written in the commit that makes them wait or ends them. */
export const inbox = sqliteTable(
  'inbox',
  {
    run: integer('run').primaryKey(),
    /** `open`, `acknowledged`, `resolved`, `ignored` */
    state: text('state').notNull(),
    /** `waiting`, `failed` */
    kind: text('kind').notNull(),
    code: text('code').notNull(),
    destination: text('destination').notNull(),
    workflow: text('workflow').notNull(),
    module: text('module'),
    recordId: text('record_id'),
    task: text('task'),
    message: text('message').notNull(),
    inDoubt: integer('in_doubt').notNull(),
    since: integer('since').notNull(),
    times: integer('times').notNull(),
    owner: text('owner'),
    note: text('note'),
    changedAt: integer('changed_at'),
    changedBy: text('changed_by'),
    resolution: text('resolution'),
  },
  (item) => [
    // What is looked for, in the order of the runs.
    index('inbox_state').on(item.state, item.run),
    index('inbox_code').on(item.code, item.run),
    index('inbox_destination').on(item.destination, item.run),
    index('inbox_workflow').on(item.workflow, item.run),
    index('inbox_module')
      .on(item.module, item.run)
      .where(sql`module IS NOT NULL`),
    index('inbox_owner')
      .on(item.owner, item.run)
      .where(sql`owner IS NOT NULL`),
    index('inbox_cause')
      .on(item.code, item.destination, item.workflow, item.run, item.since)
      .where(sql`state IN ('open', 'acknowledged')`),
    index('inbox_record')
      .on(item.recordId, item.run)
      .where(sql`record_id IS NOT NULL`),
  ],
);

/** Runs that were started in the place of others. */
export const restarts = sqliteTable('restarts', {
  run: integer('run').primaryKey(),
  origin: integer('origin').notNull().unique('restarts_origin'),
});

/** Commands on many runs of the inbox, carried out in the background. */
export const inboxJobs = sqliteTable(
  'inbox_jobs',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    at: integer('at').notNull(),
    by: text('by').notNull(),
    origin: text('origin').notNull(),
    reason: text('reason'),
    /** JSON */
    command: text('command').notNull(),
    perSecond: integer('per_second').notNull(),
    /** `running`, `done`, `stopped`, `undoing`, `undone` */
    state: text('state').notNull(),
    /** When the next of its runs may become due. */
    nextDue: integer('next_due').notNull(),
    leaseOwner: text('lease_owner'),
    leaseUntil: integer('lease_until'),
    endedAt: integer('ended_at'),
  },
  (job) => [
    index('inbox_jobs_unfinished')
      .on(job.id)
      .where(sql`ended_at IS NULL`),
  ],
);

/** The runs of each job, and what became of them. */
export const inboxJobItems = sqliteTable(
  'inbox_job_items',
  {
    job: integer('job')
      .notNull()
      .references(() => inboxJobs.id),
    run: integer('run').notNull(),
    /** `pending`, `applied`, `refused`, `left`, `taken-back`, `kept` */
    state: text('state').notNull(),
    code: text('code'),
    message: text('message'),
    at: integer('at'),
  },
  (item) => [
    primaryKey({ columns: [item.job, item.run] }),
    index('inbox_job_items_state').on(item.job, item.state, item.run),
  ],
);
