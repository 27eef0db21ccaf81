import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Tokens and sessions that calls carry, sealed; at most one of a credential for each person, or one for all (`subject` empty). */
export const credentialTokens = sqliteTable(
  'credential_tokens',
  {
    credential: text('credential').notNull(),
    subject: text('subject').notNull(),
    version: integer('version').notNull(),
    sealed: text('sealed'),
    fingerprint: text('fingerprint').notNull(),
    changedAt: integer('changed_at').notNull(),
    renewer: text('renewer'),
    renewingUntil: integer('renewing_until'),
    problem: text('problem'),
  },
  (token) => [primaryKey({ columns: [token.credential, token.subject] })],
);
