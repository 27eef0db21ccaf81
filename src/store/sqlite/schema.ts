import { sql } from 'drizzle-orm';
import { blob, foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

// Every time is milliseconds since the epoch. The tables of modules (`m_...`) are not here: they follow the module documents.

/** The one row about the install itself. */
export const install = sqliteTable('install', {
  id: integer('id').primaryKey(),
  installId: text('install_id').notNull(),
  /** Every record number below this one may have been handed out. */
  numbersBelow: integer('numbers_below').notNull(),
});

/** Long texts, stored once under the SHA-256 (hex) of their UTF-8 bytes. */
export const blobs = sqliteTable('blobs', {
  hash: text('hash').primaryKey(),
  text: text('text').notNull(),
});

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
    index('runs_unsuccessful')
      .on(run.id)
      .where(sql`status IN ('failed', 'canceled')`),
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

/** Facts that are committed at most once while they have not expired. */
export const dedupKeys = sqliteTable(
  'dedup_keys',
  {
    scope: text('scope').notNull(),
    key: text('key').notNull(),
    bodyHash: text('body_hash').notNull(),
    answer: text('answer').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (dedup) => [primaryKey({ columns: [dedup.scope, dedup.key] }), index('dedup_keys_expiry').on(dedup.expiresAt)],
);

/** One row per committed change of a record. */
export const recordHistory = sqliteTable(
  'record_history',
  {
    sequence: integer('sequence').primaryKey({ autoIncrement: true }),
    recordId: text('record_id').notNull(),
    version: integer('version').notNull(),
    kind: text('kind').notNull(),
    at: integer('at').notNull(),
    by: text('by').notNull(),
    run: integer('run'),
    task: text('task'),
    changes: text('changes').notNull(),
  },
  (entry) => [index('record_history_record').on(entry.recordId, entry.sequence)],
);

/** What people did to runs, whether it took effect or not. */
export const audit = sqliteTable('audit', {
  sequence: integer('sequence').primaryKey({ autoIncrement: true }),
  at: integer('at').notNull(),
  by: text('by').notNull(),
  action: text('action').notNull(),
  run: integer('run').notNull(),
  reason: text('reason'),
  tookEffect: integer('took_effect').notNull(),
});

/** The numbered states of all documents. */
export const revisions = sqliteTable('revisions', {
  number: integer('number').primaryKey(),
  at: integer('at').notNull(),
  by: text('by').notNull(),
});

/** The documents of each revision, in order; their texts are blobs. */
export const revisionDocuments = sqliteTable(
  'revision_documents',
  {
    revision: integer('revision')
      .notNull()
      .references(() => revisions.number),
    position: integer('position').notNull(),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    file: text('file').notNull(),
    text: text('text')
      .notNull()
      .references(() => blobs.hash),
  },
  (document) => [primaryKey({ columns: [document.revision, document.position] })],
);

/** Plain settings. */
export const settings = sqliteTable('settings', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});

/** Confidential values, sealed. */
export const secrets = sqliteTable('secrets', {
  name: text('name').primaryKey(),
  sealed: text('sealed').notNull(),
  setAt: integer('set_at').notNull(),
  setBy: text('set_by').notNull(),
});

/** Those who act in the install; web service access keys are sealed. */
export const users = sqliteTable('users', {
  number: integer('number').primaryKey({ autoIncrement: true }),
  name: text('name').notNull().unique('users_name'),
  admin: integer('admin').notNull(),
  active: integer('active').notNull(),
  accessKey: text('access_key').notNull(),
  createdAt: integer('created_at').notNull(),
  firstName: text('first_name').notNull().default(''),
  lastName: text('last_name').notNull().default(''),
  email: text('email').notNull().default(''),
  /** How the user sees dates and numbers, as JSON: only what was said. */
  preferences: text('preferences').notNull().default('{}'),
});

/** Sets of users that own records and are told things together. */
export const groups = sqliteTable('groups', {
  number: integer('number').primaryKey({ autoIncrement: true }),
  name: text('name').notNull().unique('groups_name'),
  description: text('description').notNull(),
  createdAt: integer('created_at').notNull(),
});

/** Who belongs to which group. */
export const groupMembers = sqliteTable(
  'group_members',
  {
    group: integer('group')
      .notNull()
      .references(() => groups.number),
    user: integer('user')
      .notNull()
      .references(() => users.number),
  },
  (member) => [primaryKey({ columns: [member.group, member.user] }), index('group_members_user').on(member.user)],
);

/** Links between records, each stored once, under the side it was made from. */
export const relations = sqliteTable(
  'relations',
  {
    source: text('source').notNull(),
    target: text('target').notNull(),
    at: integer('at').notNull(),
    by: text('by').notNull(),
  },
  (relation) => [
    primaryKey({ columns: [relation.source, relation.target] }),
    index('relations_target').on(relation.target),
  ],
);

/** Which workflow has been started for which record by a trigger that fires once. */
export const firstTrue = sqliteTable(
  'first_true',
  {
    recordId: text('record_id').notNull(),
    workflow: text('workflow').notNull(),
    run: integer('run')
      .notNull()
      .references(() => runs.id),
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
  (key) => [primaryKey({ columns: [key.run, key.name] }), index('run_keys_value').on(key.value, key.name, key.run)],
);

/** What runs told users, in the product itself. */
export const notifications = sqliteTable(
  'notifications',
  {
    sequence: integer('sequence').primaryKey({ autoIncrement: true }),
    at: integer('at').notNull(),
    /** User id (`19x1`). */
    user: text('user').notNull(),
    text: text('text').notNull(),
    run: integer('run'),
    task: text('task'),
    recordId: text('record_id'),
    readAt: integer('read_at'),
  },
  (notification) => [index('notifications_user').on(notification.user, notification.sequence)],
);

/** What expressions left for others to read. One taken stays for whoever took it until it is forgotten. */
export const messages = sqliteTable(
  'messages',
  {
    sequence: integer('sequence').primaryKey({ autoIncrement: true }),
    channel: text('channel').notNull(),
    text: text('text').notNull(),
    expiresAt: integer('expires_at').notNull(),
    /** Tells a message that is sent again from another one. */
    sentAs: text('sent_as').notNull().unique('messages_sent_as'),
    takenAs: text('taken_as').unique('messages_taken_as'),
  },
  (message) => [
    index('messages_channel').on(message.channel, message.takenAs, message.sequence),
    index('messages_expiry').on(message.expiresAt),
  ],
);

/** Operations of the web service that were put off, and the answers of those carried out: `due_at` is null then. */
export const queuedOperations = sqliteTable(
  'queued_operations',
  {
    sequence: integer('sequence').primaryKey({ autoIncrement: true }),
    id: text('id').notNull().unique('queued_operations_id'),
    /** User id (`19x1`). */
    user: text('user').notNull(),
    operation: text('operation').notNull(),
    parameters: text('parameters').notNull(),
    dueAt: integer('due_at'),
    answer: text('answer'),
    keptUntil: integer('kept_until'),
  },
  (operation) => [
    index('queued_operations_due')
      .on(operation.dueAt, operation.sequence)
      .where(sql`due_at IS NOT NULL`),
    index('queued_operations_kept')
      .on(operation.keptUntil)
      .where(sql`kept_until IS NOT NULL`),
  ],
);

/** How far each transfer of records from or to another install has come, as JSON. */
export const imports = sqliteTable(
  'imports',
  {
    source: text('source').notNull(),
    module: text('module').notNull(),
    /** `in`, `out` */
    direction: text('direction').notNull(),
    progress: text('progress').notNull(),
  },
  (transfer) => [primaryKey({ columns: [transfer.source, transfer.module, transfer.direction] })],
);

/** Which record, user or group here each one of another install is. */
export const importIdentities = sqliteTable(
  'import_identities',
  {
    source: text('source').notNull(),
    remote: text('remote').notNull(),
    local: text('local').notNull(),
  },
  (identity) => [
    primaryKey({ columns: [identity.source, identity.remote] }),
    index('import_identities_local').on(identity.source, identity.local),
  ],
);

/** References of imported records to records that had not come yet. */
export const importReferences = sqliteTable(
  'import_references',
  {
    source: text('source').notNull(),
    record: text('record').notNull(),
    field: text('field').notNull(),
    remote: text('remote').notNull(),
  },
  (reference) => [primaryKey({ columns: [reference.source, reference.record, reference.field] })],
);

/** Tokens handed out for logins that have not happened yet. */
export const challenges = sqliteTable(
  'challenges',
  {
    sequence: integer('sequence').primaryKey({ autoIncrement: true }),
    user: integer('user')
      .notNull()
      .references(() => users.number),
    token: text('token').notNull(),
    issuedAt: integer('issued_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (challenge) => [
    index('challenges_user').on(challenge.user, challenge.issuedAt),
    index('challenges_issued').on(challenge.issuedAt),
  ],
);

/** Web service sessions, under the SHA-256 of their name: the name itself is a credential and is not kept. */
export const sessions = sqliteTable(
  'sessions',
  {
    nameHash: blob('name_hash', { mode: 'buffer' }).primaryKey(),
    user: integer('user')
      .notNull()
      .references(() => users.number),
    openedAt: integer('opened_at').notNull(),
    usedAt: integer('used_at').notNull(),
  },
  (session) => [index('sessions_used').on(session.usedAt)],
);
