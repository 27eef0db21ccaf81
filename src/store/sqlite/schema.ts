import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export * from './schema-runs.ts';
export * from './schema-destinations.ts';
export * from './schema-schedules.ts';
export * from './schema-inbox.ts';
export * from './schema-retention.ts';
export * from './schema-people.ts';
export * from './schema-imports.ts';
export * from './schema-access.ts';
export * from './schema-credentials.ts';
export * from './schema-files.ts';

// Every time is milliseconds since the epoch. The tables of modules (`m_...`) are not here: they follow the module documents.

/** The one row about the install itself. */
export const install = sqliteTable('install', {
  id: integer('id').primaryKey(),
  installId: text('install_id').notNull(),
  /** Every record number below this one may have been handed out. */
  numbersBelow: integer('numbers_below').notNull(),
  /** The id of the key that everything is sealed under. */
  sealingKey: text('sealing_key'),
  /** When the install went over to it; null once nothing is left under another key. */
  rotatingSince: integer('rotating_since'),
  /** Who seals anew what is under another key. */
  rotationHolder: text('rotation_holder'),
  rotationUntil: integer('rotation_until'),
});

/** Long texts, stored once under the SHA-256 (hex) of their UTF-8 bytes. */
export const blobs = sqliteTable('blobs', {
  hash: text('hash').primaryKey(),
  text: text('text').notNull(),
});

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
    // The revision from which on the document has had this text.
    since: integer('since'),
  },
  (document) => [
    primaryKey({ columns: [document.revision, document.position] }),
    index('revision_documents_text').on(document.text),
  ],
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
    /** Those begun whose end is not known. */
    attempts: integer('attempts').notNull().default(0),
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
