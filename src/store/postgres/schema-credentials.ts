import { pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { text, whole } from './schema-columns.ts';

/** Tokens and sessions that calls carry, sealed; at most one of a credential for each person, or one for all (`subject` empty). */
export const credentialTokens = pgTable(
  'credential_tokens',
  {
    credential: text('credential').notNull(),
    subject: text('subject').notNull(),
    version: whole('version').notNull(),
    sealed: text('sealed'),
    fingerprint: text('fingerprint').notNull(),
    changedAt: whole('changed_at').notNull(),
    renewer: text('renewer'),
    renewingUntil: whole('renewing_until'),
    problem: text('problem'),
  },
  (token) => [primaryKey({ columns: [token.credential, token.subject] })],
);
