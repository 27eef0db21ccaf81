import { index, pgTable, primaryKey } from 'drizzle-orm/pg-core';
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
    connectedAt: whole('connected_at'),
  },
  (token) => [primaryKey({ columns: [token.credential, token.subject] })],
);

/** People who are on their way to a provider and back. `sealed` is what their code is exchanged with. */
export const signIns = pgTable(
  'sign_ins',
  {
    id: text('id').primaryKey(),
    credential: text('credential').notNull(),
    subject: text('subject').notNull(),
    by: text('by').notNull(),
    sealed: text('sealed').notNull(),
    startedAt: whole('started_at').notNull(),
    expiresAt: whole('expires_at').notNull(),
    state: text('state').notNull(),
    takenUntil: whole('taken_until'),
    problem: text('problem'),
  },
  (signIn) => [
    index('sign_ins_expiry').on(signIn.expiresAt),
    index('sign_ins_person').on(signIn.credential, signIn.subject, signIn.startedAt),
  ],
);
