import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

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
    connectedAt: integer('connected_at'),
  },
  (token) => [primaryKey({ columns: [token.credential, token.subject] })],
);

/** People who are on their way to a provider and back. `sealed` is what their code is exchanged with. */
export const signIns = sqliteTable(
  'sign_ins',
  {
    id: text('id').primaryKey(),
    credential: text('credential').notNull(),
    subject: text('subject').notNull(),
    by: text('by').notNull(),
    sealed: text('sealed').notNull(),
    startedAt: integer('started_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    state: text('state').notNull(),
    takenUntil: integer('taken_until'),
    problem: text('problem'),
  },
  (signIn) => [
    index('sign_ins_expiry').on(signIn.expiresAt),
    index('sign_ins_person').on(signIn.credential, signIn.subject, signIn.startedAt),
  ],
);
