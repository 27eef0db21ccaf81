import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, uniqueIndex } from 'drizzle-orm/pg-core';
import { counted, text, whole } from './schema-columns.ts';

// What belongs to a run names it without a foreign key: it is written by whoever holds the run's row, and checking each row
// would cost as much as writing it.

/** One row per run. */
export const runs = pgTable(
  'runs',
  {
    id: counted('id'),
    workflow: text('workflow').notNull(),
    revision: whole('revision').notNull(),
    module: text('module'),
    recordId: text('record_id'),
    lane: text('lane').notNull(),
    passWhenWaiting: whole('pass_when_waiting').notNull(),
    undecided: whole('undecided').notNull(),
    /** Null: the run is its own root. */
    rootRun: whole('root_run'),
    depth: whole('depth').notNull(),
    initiator: text('initiator').notNull(),
    status: text('status').notNull(),
    waitFor: text('wait_for'),
    waitReason: text('wait_reason'),
    waitSince: whole('wait_since'),
    waitUntil: whole('wait_until'),
    waitKey: text('wait_key'),
    /** The run before it in its lane, while it has to wait for its turn. */
    blockedBy: whole('blocked_by'),
    /** When it may be claimed: while it is held, the end of the lease. Null: only an event makes it claimable. */
    dueAt: whole('due_at'),
    leaseOwner: text('lease_owner'),
    epoch: whole('epoch').notNull(),
    failure: text('failure'),
    handled: whole('handled').notNull(),
    progress: text('progress').notNull(),
    acceptedAt: whole('accepted_at').notNull(),
    startedAt: whole('started_at'),
    endedAt: whole('ended_at'),
    cancelRequested: text('cancel_requested'),
    /** 1 once a holder of the run has been told of the request to cancel it. */
    cancelTold: whole('cancel_told').notNull(),
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
    // Whose rows are listed in the order of their ids: those that have not ended, which are few, and those that have. Only
    // listings say `id > 0`: a planner that has not counted for a while would look for a lane here, through all that wait.
    index('runs_unfinished')
      .on(run.endedAt, run.id)
      .where(sql`ended_at IS NULL AND id > 0`),
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
export const runTriggers = pgTable('run_triggers', {
  run: whole('run').primaryKey(),
  trigger: text('trigger').notNull(),
});

/** A run's variables; no row while there are none. */
export const runContexts = pgTable('run_contexts', {
  run: whole('run').primaryKey(),
  context: text('context').notNull(),
});

/** One row per step, with its latest try. */
export const steps = pgTable(
  'steps',
  {
    run: whole('run').notNull(),
    number: whole('number').notNull(),
    task: text('task').notNull(),
    purpose: text('purpose').notNull(),
    round: whole('round').notNull(),
    status: text('status').notNull(),
    startedAt: whole('started_at').notNull(),
    endedAt: whole('ended_at'),
    frozen: text('frozen'),
    effects: text('effects'),
    warnings: text('warnings'),
    failure: text('failure'),
    /** Number of the latest try; null: skipped without one. */
    attempt: whole('attempt'),
    attemptStartedAt: whole('attempt_started_at'),
    attemptEndedAt: whole('attempt_ended_at'),
    request: text('request'),
    answer: text('answer'),
    attemptFailure: text('attempt_failure'),
  },
  (step) => [primaryKey({ columns: [step.run, step.number] })],
);

/** The tries of steps before the latest one: most steps need no second, and so no row here. */
export const attempts = pgTable(
  'attempts',
  {
    run: whole('run').notNull(),
    step: whole('step').notNull(),
    number: whole('number').notNull(),
    startedAt: whole('started_at').notNull(),
    endedAt: whole('ended_at'),
    request: text('request'),
    answer: text('answer'),
    failure: text('failure'),
  },
  (attempt) => [primaryKey({ columns: [attempt.run, attempt.step, attempt.number] })],
);

/** Facts that are committed at most once while they have not expired. */
export const dedupKeys = pgTable(
  'dedup_keys',
  {
    scope: text('scope').notNull(),
    key: text('key').notNull(),
    bodyHash: text('body_hash').notNull(),
    answer: text('answer').notNull(),
    expiresAt: whole('expires_at').notNull(),
  },
  (dedup) => [primaryKey({ columns: [dedup.scope, dedup.key] }), index('dedup_keys_expiry').on(dedup.expiresAt)],
);

/** What people did to runs, whether it took effect or not. */
export const audit = pgTable(
  'audit',
  {
    sequence: counted('sequence'),
    at: whole('at').notNull(),
    by: text('by').notNull(),
    action: text('action').notNull(),
    run: whole('run').notNull(),
    reason: text('reason'),
    tookEffect: whole('took_effect').notNull(),
    /** Where the command came from. */
    origin: text('origin'),
    /** What it changed, as JSON, secrets as dots. */
    before: text('before'),
    after: text('after'),
  },
  (entry) => [index('audit_run').on(entry.run, entry.sequence)],
);

/** Which workflow has been started for which record by a trigger that fires once. */
export const firstTrue = pgTable(
  'first_true',
  {
    recordId: text('record_id').notNull(),
    workflow: text('workflow').notNull(),
    run: whole('run').notNull(),
  },
  (mark) => [primaryKey({ columns: [mark.recordId, mark.workflow] })],
);

/** Business keys by which people find runs. */
export const runKeys = pgTable(
  'run_keys',
  {
    run: whole('run').notNull(),
    name: text('name').notNull(),
    value: text('value').notNull(),
  },
  (key) => [primaryKey({ columns: [key.run, key.name] }), index('run_keys_value').on(key.value, key.run, key.name)],
);

/** How many runs have ended in which way, as the sum of all rows: each transaction that ends runs adds one. */
export const runCounts = pgTable('run_counts', {
  shard: counted('shard'),
  completed: whole('completed').notNull(),
  failed: whole('failed').notNull(),
  canceled: whole('canceled').notNull(),
  handled: whole('handled').notNull(),
});
