import { sql } from 'drizzle-orm';
import { foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** One row per run. */
export const runs = sqliteTable(
  'runs',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    workflow: text('workflow').notNull(),
    revision: integer('revision').notNull(),
    module: text('module'),
    recordId: text('record_id'),
    lane: text('lane').notNull(),
    passWhenWaiting: integer('pass_when_waiting').notNull(),
    undecided: integer('undecided').notNull(),
    /** Null: the run is its own root. */
    rootRun: integer('root_run'),
    depth: integer('depth').notNull(),
    initiator: text('initiator').notNull(),
    status: text('status').notNull(),
    waitFor: text('wait_for'),
    waitReason: text('wait_reason'),
    waitSince: integer('wait_since'),
    waitUntil: integer('wait_until'),
    waitKey: text('wait_key'),
    /** The run before it in its lane, while it has to wait for its turn. */
    blockedBy: integer('blocked_by'),
    /** When it may be claimed: while it is held, the end of the lease. Null: only an event makes it claimable. */
    dueAt: integer('due_at'),
    leaseOwner: text('lease_owner'),
    epoch: integer('epoch').notNull(),
    failure: text('failure'),
    handled: integer('handled').notNull(),
    progress: text('progress').notNull(),
    acceptedAt: integer('accepted_at').notNull(),
    startedAt: integer('started_at'),
    endedAt: integer('ended_at'),
    cancelRequested: text('cancel_requested'),
    /** 1 once a holder of the run has been told of the request to cancel it. */
    cancelTold: integer('cancel_told').notNull(),
  },
  (run) => [
    index('runs_due')
      .on(run.dueAt, run.id)
      .where(sql`due_at IS NOT NULL`),
    index('runs_lane')
      .on(run.lane, run.id)
      .where(sql`ended_at IS NULL`),
    index('runs_blocked')
      .on(run.blockedBy)
      .where(sql`blocked_by IS NOT NULL`),
    index('runs_limit')
      .on(run.waitKey, run.waitSince, run.id)
      .where(sql`wait_for = 'limit'`),
    // Whose rows are listed in the order of their ids: those that have not ended, which are few, and those that have.
    index('runs_unfinished')
      .on(run.endedAt, run.id)
      .where(sql`ended_at IS NULL`),
    index('runs_outcome')
      .on(run.status, run.handled, run.id)
      .where(sql`ended_at IS NOT NULL`),
    index('runs_workflow')
      .on(run.workflow, run.status, run.handled, run.id)
      .where(sql`ended_at IS NOT NULL`),
    index('runs_record')
      .on(run.recordId, run.id)
      .where(sql`record_id IS NOT NULL`),
    uniqueIndex('runs_fired')
      .on(run.rootRun, run.recordId, run.workflow)
      .where(sql`root_run IS NOT NULL`),
  ],
);

/** What started a run; apart from the run because it never changes. */
export const runTriggers = sqliteTable('run_triggers', {
  run: integer('run')
    .primaryKey()
    .references(() => runs.id),
  trigger: text('trigger').notNull(),
});

/** A run's variables; no row while there are none. */
export const runContexts = sqliteTable('run_contexts', {
  run: integer('run')
    .primaryKey()
    .references(() => runs.id),
  context: text('context').notNull(),
});

/** One row per step, with its latest try. */
export const steps = sqliteTable(
  'steps',
  {
    run: integer('run')
      .notNull()
      .references(() => runs.id),
    number: integer('number').notNull(),
    task: text('task').notNull(),
    purpose: text('purpose').notNull(),
    round: integer('round').notNull(),
    status: text('status').notNull(),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at'),
    frozen: text('frozen'),
    effects: text('effects'),
    warnings: text('warnings'),
    failure: text('failure'),
    /** Number of the latest try; null: skipped without one. */
    attempt: integer('attempt'),
    attemptStartedAt: integer('attempt_started_at'),
    attemptEndedAt: integer('attempt_ended_at'),
    request: text('request'),
    answer: text('answer'),
    attemptFailure: text('attempt_failure'),
  },
  (step) => [primaryKey({ columns: [step.run, step.number] })],
);

/** The tries of steps before the latest one: most steps need no second, and so no row here. */
export const attempts = sqliteTable(
  'attempts',
  {
    run: integer('run').notNull(),
    step: integer('step').notNull(),
    number: integer('number').notNull(),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at'),
    request: text('request'),
    answer: text('answer'),
    failure: text('failure'),
  },
  (attempt) => [
    primaryKey({ columns: [attempt.run, attempt.step, attempt.number] }),
    foreignKey({ columns: [attempt.run, attempt.step], foreignColumns: [steps.run, steps.number] }),
  ],
);

/** What people did to runs, whether it took effect or not. */
export const audit = sqliteTable(
  'audit',
  {
    sequence: integer('sequence').primaryKey({ autoIncrement: true }),
    at: integer('at').notNull(),
    by: text('by').notNull(),
    action: text('action').notNull(),
    run: integer('run').notNull(),
    reason: text('reason'),
    tookEffect: integer('took_effect').notNull(),
    /** Where the command came from. */
    origin: text('origin'),
    /** What it changed, as JSON, secrets as dots. */
    before: text('before'),
    after: text('after'),
  },
  (entry) => [index('audit_run').on(entry.run, entry.sequence)],
);

/** Which workflow has been started for which record by a trigger that fires once. */
export const firstTrue = sqliteTable(
  'first_true',
  {
    recordId: text('record_id').notNull(),
    workflow: text('workflow').notNull(),
    /** Stays when the run is removed: what fires once has fired. */
    run: integer('run').notNull(),
  },
  (mark) => [primaryKey({ columns: [mark.recordId, mark.workflow] })],
);

/** Business keys by which people find runs. */
export const runKeys = sqliteTable(
  'run_keys',
  {
    run: integer('run')
      .notNull()
      .references(() => runs.id),
    name: text('name').notNull(),
    value: text('value').notNull(),
  },
  (key) => [primaryKey({ columns: [key.run, key.name] }), index('run_keys_value').on(key.value, key.run, key.name)],
);

/** How many runs have ended in which way; one row. */
export const runCounts = sqliteTable('run_counts', {
  shard: integer('shard').primaryKey(),
  completed: integer('completed').notNull(),
  failed: integer('failed').notNull(),
  canceled: integer('canceled').notNull(),
  handled: integer('handled').notNull(),
});
