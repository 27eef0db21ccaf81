import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

// Who may come in, and what they did. `user` is the number of a user; users are never deleted.

/** Passwords, hashed with argon2id. */
export const passwords = sqliteTable('passwords', {
  user: integer('user').primaryKey(),
  hash: text('hash').notNull(),
  setAt: integer('set_at').notNull(),
});

/** People who are logged in with a browser, under the SHA-256 of what their cookie says. */
export const logins = sqliteTable(
  'logins',
  {
    nameHash: blob('name_hash', { mode: 'buffer' }).primaryKey(),
    user: integer('user').notNull(),
    openedAt: integer('opened_at').notNull(),
    usedAt: integer('used_at').notNull(),
  },
  (login) => [index('logins_user').on(login.user), index('logins_used').on(login.usedAt)],
);

/** What lets programs in, under the SHA-256 of the token. */
export const apiTokens = sqliteTable('api_tokens', {
  name: text('name').primaryKey(),
  secretHash: blob('secret_hash', { mode: 'buffer' }).notNull().unique('api_tokens_secret'),
  /** Roles and scopes, with blanks between. */
  grants: text('grants').notNull(),
  createdAt: integer('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  expiresAt: integer('expires_at'),
  usedAt: integer('used_at'),
  usedFrom: text('used_from'),
  revokedAt: integer('revoked_at'),
  revokedBy: text('revoked_by'),
});

/** Requests of the API that are done once, with their sealed answers. */
export const apiRequests = sqliteTable(
  'api_requests',
  {
    caller: text('caller').notNull(),
    key: text('key').notNull(),
    bodyHash: text('body_hash').notNull(),
    at: integer('at').notNull(),
    answer: text('answer'),
  },
  (request) => [primaryKey({ columns: [request.caller, request.key] }), index('api_requests_at').on(request.at)],
);

/** What people and programs changed, written before the change. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    sequence: integer('sequence').primaryKey({ autoIncrement: true }),
    at: integer('at').notNull(),
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
