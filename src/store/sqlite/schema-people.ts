import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

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
  /** `operator` or `viewer`, of one who is no administrator; else empty. */
  role: text('role').notNull().default(''),
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

/** Parts of the organisation. */
export const units = sqliteTable(
  'units',
  {
    number: integer('number').primaryKey({ autoIncrement: true }),
    name: text('name').notNull().unique('units_name'),
    description: text('description').notNull(),
    /** The unit that it is a part of. */
    parent: integer('parent'),
    createdAt: integer('created_at').notNull(),
  },
  (unit) => [index('units_parent').on(unit.parent)],
);

/** Who belongs to which unit itself. */
export const unitMembers = sqliteTable(
  'unit_members',
  {
    unit: integer('unit')
      .notNull()
      .references(() => units.number),
    user: integer('user')
      .notNull()
      .references(() => users.number),
  },
  (member) => [primaryKey({ columns: [member.unit, member.user] }), index('unit_members_user').on(member.user)],
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
  (notification) => [
    index('notifications_user').on(notification.user, notification.sequence),
    index('notifications_run')
      .on(notification.run)
      .where(sql`run IS NOT NULL`),
  ],
);

/** Notices that leave the product: by mail, or through a map. `due_at` is null when one was sent or given up. */
export const deliveries = sqliteTable(
  'deliveries',
  {
    sequence: integer('sequence').primaryKey({ autoIncrement: true }),
    at: integer('at').notNull(),
    /** `mail`, `map` */
    way: text('way').notNull(),
    /** User id (`19x1`), or the map's name. */
    receiver: text('receiver').notNull(),
    cause: text('cause').notNull(),
    run: integer('run').notNull(),
    task: text('task').notNull(),
    content: text('content').notNull(),
    state: text('state').notNull(),
    attempts: integer('attempts').notNull(),
    dueAt: integer('due_at'),
    endedAt: integer('ended_at'),
    problem: text('problem'),
    /** 1: waits to go out together with others of its cause. */
    held: integer('held').notNull(),
    /** The first of those that go out together; null until the first try. */
    batch: integer('batch'),
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
