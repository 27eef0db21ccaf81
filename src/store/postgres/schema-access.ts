import { index, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { bytes, counted, text, whole } from './schema-columns.ts';

// Who may come in, and what they did. `user` is the number of a user; users are never deleted.

/** Passwords, hashed with argon2id. */
export const passwords = pgTable('passwords', {
  user: whole('user').primaryKey(),
  hash: text('hash').notNull(),
  setAt: whole('set_at').notNull(),
});

/** People who are logged in with a browser, under the SHA-256 of what their cookie says. */
export const logins = pgTable(
  'logins',
  {
    nameHash: bytes('name_hash').primaryKey(),
    user: whole('user').notNull(),
    openedAt: whole('opened_at').notNull(),
    usedAt: whole('used_at').notNull(),
  },
  (login) => [index('logins_user').on(login.user), index('logins_used').on(login.usedAt)],
);

/** What lets programs in, under the SHA-256 of the token. */
export const apiTokens = pgTable('api_tokens', {
  name: text('name').primaryKey(),
  secretHash: bytes('secret_hash').notNull().unique('api_tokens_secret'),
  /** Roles and scopes, with blanks between. */
  grants: text('grants').notNull(),
  createdAt: whole('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  expiresAt: whole('expires_at'),
  usedAt: whole('used_at'),
  usedFrom: text('used_from'),
  revokedAt: whole('revoked_at'),
  revokedBy: text('revoked_by'),
});

/** What strangers and callers try again and again, counted for all nodes under the SHA-256 of what it is counted for. */
export const attemptCounts = pgTable(
  'attempt_counts',
  {
    key: text('key').primaryKey(),
    count: whole('count').notNull(),
    until: whole('until').notNull(),
  },
  (attempt) => [index('attempt_counts_until').on(attempt.until)],
);

/** Requests of the API that are done once, with their sealed answers. */
export const apiRequests = pgTable(
  'api_requests',
  {
    caller: text('caller').notNull(),
    key: text('key').notNull(),
    bodyHash: text('body_hash').notNull(),
    at: whole('at').notNull(),
    answer: text('answer'),
  },
  (request) => [primaryKey({ columns: [request.caller, request.key] }), index('api_requests_at').on(request.at)],
);

/** What people and programs changed, written before the change. */
export const auditLog = pgTable(
  'audit_log',
  {
    sequence: counted('sequence'),
    at: whole('at').notNull(),
    by: text('by').notNull(),
    kind: text('kind').notNull(),
    from: text('from').notNull(),
    action: text('action').notNull(),
    target: text('target').notNull(),
    detail: text('detail').notNull(),
    outcome: text('outcome').notNull(),
    code: text('code'),
  },
  (entry) => [
    index('audit_log_by').on(entry.by, entry.sequence),
    index('audit_log_action').on(entry.action, entry.sequence),
    index('audit_log_target').on(entry.target, entry.sequence),
    index('audit_log_at').on(entry.at),
  ],
);
