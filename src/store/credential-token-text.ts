import type { TokenRow } from '../core/credential.ts';

/** A row as both databases give it. */
export type StoredToken = {
  readonly [Member in keyof TokenRow]:
    | Exclude<TokenRow[Member], undefined>
    | (undefined extends TokenRow[Member] ? null : never);
};

const COLUMNS = `credential, subject, version, sealed, fingerprint, changed_at AS "changedAt", renewer,
  renewing_until AS "renewingUntil", problem, connected_at AS "connectedAt"`;

export const ONE_TOKEN = `SELECT ${COLUMNS} FROM credential_tokens WHERE credential = ? AND subject = ?`;

export const ALL_TOKENS = `SELECT ${COLUMNS} FROM credential_tokens ORDER BY credential, subject`;

/** The row is there, nobody renews it, or whoever did had time enough: renewer, until; credential, subject, version, now. */
export const BEGIN_RENEWAL = `UPDATE credential_tokens SET renewer = ?, renewing_until = ?
  WHERE credential = ? AND subject = ? AND version = ? AND (renewing_until IS NULL OR renewing_until <= ?)`;

/** The first renewal of all: credential, subject, now, renewer, until. */
export const BEGIN_FIRST_RENEWAL = `INSERT INTO credential_tokens
  (credential, subject, version, fingerprint, changed_at, renewer, renewing_until)
  VALUES (?, ?, 0, '', ?, ?, ?) ON CONFLICT (credential, subject) DO NOTHING`;

/** Sealed, fingerprint, now; credential, subject, renewer. */
export const END_RENEWAL = `UPDATE credential_tokens SET version = version + 1, sealed = ?, fingerprint = ?,
  changed_at = ?, problem = NULL, renewer = NULL, renewing_until = NULL
  WHERE credential = ? AND subject = ? AND renewer = ?`;

/** What was there stays usable where it still is: problem, now; credential, subject, renewer. */
export const FAIL_RENEWAL = `UPDATE credential_tokens SET version = version + 1, problem = ?, changed_at = ?,
  renewer = NULL, renewing_until = NULL
  WHERE credential = ? AND subject = ? AND renewer = ?`;

/** Problem, now; credential, subject, renewer. */
export const THROW_AWAY = `UPDATE credential_tokens SET version = version + 1, sealed = NULL, problem = ?,
  changed_at = ?, renewer = NULL, renewing_until = NULL
  WHERE credential = ? AND subject = ? AND renewer = ?`;

/** A renewal under way comes to nothing by it: credential, subject, sealed, fingerprint, now, now. */
export const PUT_TOKEN = `INSERT INTO credential_tokens
  (credential, subject, version, sealed, fingerprint, changed_at, connected_at) VALUES (?, ?, 1, ?, ?, ?, ?)
  ON CONFLICT (credential, subject) DO UPDATE SET version = credential_tokens.version + 1, sealed = excluded.sealed,
    fingerprint = excluded.fingerprint, changed_at = excluded.changed_at, connected_at = excluded.connected_at, problem = NULL, renewer = NULL,
    renewing_until = NULL`;

export const REMOVE_TOKEN = 'DELETE FROM credential_tokens WHERE credential = ? AND subject = ?';

/** What a person signed in for, of all credentials: a user's id. */
export const FORGET_TOKENS_OF = 'DELETE FROM credential_tokens WHERE subject = ?';

export const REMOVE_TOKENS = 'DELETE FROM credential_tokens WHERE credential = ?';

export function tokenRow(stored: StoredToken): TokenRow {
  return {
    ...stored,
    sealed: stored.sealed ?? undefined,
    renewer: stored.renewer ?? undefined,
    renewingUntil: stored.renewingUntil ?? undefined,
    problem: stored.problem ?? undefined,
    connectedAt: stored.connectedAt ?? undefined,
  };
}
