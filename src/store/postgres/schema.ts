import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, uniqueIndex } from 'drizzle-orm/pg-core';
import { bytes, counted, text, transactionId, whole } from './schema-columns.ts';

// Tables and columns have the names that they have in SQLite's schema. Every time is milliseconds since the epoch. The tables
// of modules (`m_...`) are not here: they follow the module documents.

export * from './schema-access.ts';
export * from './schema-credentials.ts';
export * from './schema-files.ts';
export * from './schema-runs.ts';
export * from './schema-destinations.ts';
export * from './schema-schedules.ts';
export * from './schema-inbox.ts';
export * from './schema-retention.ts';

/** The one row about the install itself. */
export const install = pgTable('install', {
  id: whole('id').primaryKey(),
  installId: text('install_id').notNull(),
  /** Every record number below this one may have been handed out. */
  numbersBelow: whole('numbers_below').notNull(),
  /** The id of the key that everything is sealed under. */
  sealingKey: text('sealing_key'),
  /** When the install went over to it; null once nothing is left under another key. */
  rotatingSince: whole('rotating_since'),
  /** Who seals anew what is under another key. */
  rotationHolder: text('rotation_holder'),
  rotationUntil: whole('rotation_until'),
});

/** The steps by which the database came to its form, oldest first. */
export const schemaVersions = pgTable('schema_versions', {
  /** Counts from 1. */
  level: whole('level').primaryKey(),
  /** SHA-256 (hex) of the statements. */
  hash: text('hash').notNull(),
  /** A program that knows fewer levels cannot work with the database any more. */
  minimumLevel: whole('minimum_level').notNull(),
  appliedAt: whole('applied_at').notNull(),
});

/** The processes that work on the install. One that has not been seen for long is gone. */
export const nodes = pgTable('nodes', {
  id: text('id').primaryKey(),
  /** For people: the machine and the process. */
  name: text('name').notNull(),
  /** Of the program. */
  version: text('version').notNull(),
  level: whole('level').notNull(),
  startedAt: whole('started_at').notNull(),
  seenAt: whole('seen_at').notNull(),
  /** The ids of the keys it was given, with blanks between, and of the one that it seals under. */
  keys: text('keys').notNull().default(''),
  sealingKey: text('sealing_key').notNull().default(''),
});

/** Long texts, stored once under the SHA-256 (hex) of their UTF-8 bytes. */
export const blobs = pgTable('blobs', {
  hash: text('hash').primaryKey(),
  text: text('text').notNull(),
  /** 1: the text is JSON, because it holds U+0000. */
  escaped: whole('escaped').notNull(),
});

/** One row per committed change of a record. */
export const recordHistory = pgTable(
  'record_history',
  {
    sequence: counted('sequence'),
    recordId: text('record_id').notNull(),
    version: whole('version').notNull(),
    kind: text('kind').notNull(),
    at: whole('at').notNull(),
    by: text('by').notNull(),
    run: whole('run'),
    task: text('task'),
    changes: text('changes').notNull(),
    /** Entries become visible in another order than that of their numbers: by this one tells which are. */
    writtenBy: transactionId('written_by')
      .notNull()
      .default(sql`pg_current_xact_id()`),
  },
  (entry) => [
    index('record_history_record').on(entry.recordId, entry.sequence),
    index('record_history_written_by').on(entry.writtenBy),
  ],
);

/** The numbered states of all documents. */
export const revisions = pgTable('revisions', {
  number: whole('number').primaryKey(),
  at: whole('at').notNull(),
  by: text('by').notNull(),
});

/** The documents of each revision, in order; their texts are blobs. */
export const revisionDocuments = pgTable(
  'revision_documents',
  {
    revision: whole('revision')
      .notNull()
      .references(() => revisions.number),
    position: whole('position').notNull(),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    file: text('file').notNull(),
    text: text('text')
      .notNull()
      .references(() => blobs.hash),
    // The revision from which on the document has had this text.
    since: whole('since'),
  },
  (document) => [
    primaryKey({ columns: [document.revision, document.position] }),
    index('revision_documents_text').on(document.text),
  ],
);

/** Plain settings. */
export const settings = pgTable('settings', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});

/** Confidential values, sealed. */
export const secrets = pgTable('secrets', {
  name: text('name').primaryKey(),
  sealed: text('sealed').notNull(),
  setAt: whole('set_at').notNull(),
  setBy: text('set_by').notNull(),
});

/** Those who act in the install; web service access keys are sealed. */
export const users = pgTable('users', {
  /** Counts from 1 without gaps. */
  number: whole('number').primaryKey(),
  name: text('name').notNull().unique('users_name'),
  admin: whole('admin').notNull(),
  active: whole('active').notNull(),
  accessKey: text('access_key').notNull(),
  createdAt: whole('created_at').notNull(),
  firstName: text('first_name').notNull().default(''),
  lastName: text('last_name').notNull().default(''),
  email: text('email').notNull().default(''),
  /** How the user sees dates and numbers, as JSON: only what was said. */
  preferences: text('preferences').notNull().default('{}'),
  /** `operator` or `viewer`, of one who is no administrator; else empty. */
  role: text('role').notNull().default(''),
});

/** Sets of users that own records and are told things together. */
export const groups = pgTable('groups', {
  number: counted('number'),
  name: text('name').notNull().unique('groups_name'),
  description: text('description').notNull(),
  createdAt: whole('created_at').notNull(),
});

/** Who belongs to which group. */
export const groupMembers = pgTable(
  'group_members',
  {
    group: whole('group')
      .notNull()
      .references(() => groups.number),
    user: whole('user')
      .notNull()
      .references(() => users.number),
  },
  (member) => [primaryKey({ columns: [member.group, member.user] }), index('group_members_user').on(member.user)],
);

/** Parts of the organisation. */
export const units = pgTable(
  'units',
  {
    number: counted('number'),
    name: text('name').notNull(),
    description: text('description').notNull(),
    /** The unit that it is a part of. */
    parent: whole('parent'),
    createdAt: whole('created_at').notNull(),
  },
  (unit) => [uniqueIndex('units_name').on(unit.name), index('units_parent').on(unit.parent)],
);

/** Who belongs to which unit itself. */
export const unitMembers = pgTable(
  'unit_members',
  {
    unit: whole('unit')
      .notNull()
      .references(() => units.number),
    user: whole('user')
      .notNull()
      .references(() => users.number),
  },
  (member) => [primaryKey({ columns: [member.unit, member.user] }), index('unit_members_user').on(member.user)],
);

/** Links between records, each stored once, under the side it was made from. */
export const relations = pgTable(
  'relations',
  {
    source: text('source').notNull(),
    target: text('target').notNull(),
    at: whole('at').notNull(),
    by: text('by').notNull(),
  },
  (relation) => [
    primaryKey({ columns: [relation.source, relation.target] }),
    index('relations_target').on(relation.target),
  ],
);

/** What runs told users, in the product itself. */
export const notifications = pgTable(
  'notifications',
  {
    sequence: counted('sequence'),
    at: whole('at').notNull(),
    /** User id (`19x1`). */
    user: text('user').notNull(),
    text: text('text').notNull(),
    run: whole('run'),
    task: text('task'),
    recordId: text('record_id'),
    readAt: whole('read_at'),
  },
  (notification) => [
    index('notifications_user').on(notification.user, notification.sequence),
    index('notifications_run')
      .on(notification.run)
      .where(sql`run IS NOT NULL`),
  ],
);

/** Notices that leave the product: by mail, or through a map. `due_at` is null when one was sent or given up. */
export const deliveries = pgTable(
  'deliveries',
  {
    sequence: counted('sequence'),
    at: whole('at').notNull(),
    /** `mail`, `map` */
    way: text('way').notNull(),
    /** User id (`19x1`), or the map's name. */
    receiver: text('receiver').notNull(),
    cause: text('cause').notNull(),
    run: whole('run').notNull(),
    task: text('task').notNull(),
    content: text('content').notNull(),
    state: text('state').notNull(),
    attempts: whole('attempts').notNull(),
    dueAt: whole('due_at'),
    endedAt: whole('ended_at'),
    problem: text('problem'),
    /** 1: waits to go out together with others of its cause. */
    held: whole('held').notNull(),
    /** The first of those that go out together; null until the first try. */
    batch: whole('batch'),
  },
  (delivery) => [
    index('deliveries_due')
      .on(delivery.dueAt, delivery.sequence)
      .where(sql`due_at IS NOT NULL`),
    index('deliveries_cause')
      .on(delivery.cause, delivery.receiver, delivery.way, delivery.endedAt)
      .where(sql`batch = sequence`),
    index('deliveries_waiting')
      .on(delivery.cause, delivery.receiver, delivery.way)
      .where(sql`batch IS NULL`),
    index('deliveries_batch')
      .on(delivery.batch, delivery.sequence)
      .where(sql`batch IS NOT NULL`),
    index('deliveries_run').on(delivery.run, delivery.sequence),
    index('deliveries_ended')
      .on(delivery.endedAt)
      .where(sql`ended_at IS NOT NULL`),
  ],
);

/** What expressions left for others to read. One taken stays for whoever took it until it is forgotten. */
export const messages = pgTable(
  'messages',
  {
    sequence: counted('sequence'),
    channel: text('channel').notNull(),
    text: text('text').notNull(),
    expiresAt: whole('expires_at').notNull(),
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
export const queuedOperations = pgTable(
  'queued_operations',
  {
    sequence: counted('sequence'),
    id: text('id').notNull().unique('queued_operations_id'),
    /** User id (`19x1`). */
    user: text('user').notNull(),
    operation: text('operation').notNull(),
    parameters: text('parameters').notNull(),
    dueAt: whole('due_at'),
    /** Those begun whose end is not known. */
    attempts: whole('attempts').notNull().default(0),
    /** The node that carries it out, and until when it may do so undisturbed. */
    leaseOwner: text('lease_owner'),
    leaseUntil: whole('lease_until'),
    answer: text('answer'),
    keptUntil: whole('kept_until'),
  },
  (operation) => [
    index('queued_operations_due')
      .on(operation.dueAt, operation.sequence)
      .where(sql`due_at IS NOT NULL`),
    index('queued_operations_held')
      .on(operation.user)
      .where(sql`lease_owner IS NOT NULL`),
    index('queued_operations_kept')
      .on(operation.keptUntil)
      .where(sql`kept_until IS NOT NULL`),
  ],
);

/** How far each transfer of records from or to another install has come, as JSON. */
export const imports = pgTable(
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
export const importIdentities = pgTable(
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
export const importReferences = pgTable(
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
export const challenges = pgTable(
  'challenges',
  {
    sequence: counted('sequence'),
    user: whole('user')
      .notNull()
      .references(() => users.number),
    token: text('token').notNull(),
    issuedAt: whole('issued_at').notNull(),
    expiresAt: whole('expires_at').notNull(),
  },
  (challenge) => [
    index('challenges_user').on(challenge.user, challenge.issuedAt),
    index('challenges_issued').on(challenge.issuedAt),
  ],
);

/** Web service sessions, under the SHA-256 of their name: the name itself is a credential and is not kept. */
export const sessions = pgTable(
  'sessions',
  {
    nameHash: bytes('name_hash').primaryKey(),
    user: whole('user')
      .notNull()
      .references(() => users.number),
    openedAt: whole('opened_at').notNull(),
    usedAt: whole('used_at').notNull(),
  },
  (session) => [index('sessions_used').on(session.usedAt)],
);
