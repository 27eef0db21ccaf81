import { MOST_SIGN_INS, type SignIn } from '../core/sign-in.ts';

/** A row as both databases give it. */
export type StoredSignIn = {
  readonly [Member in keyof SignIn]:
    | Exclude<SignIn[Member], undefined>
    | (undefined extends SignIn[Member] ? null : never);
};

export const ONE_SIGN_IN = `SELECT id, credential, subject, "by", sealed, started_at AS "startedAt",
  expires_at AS "expiresAt", state, taken_until AS "takenUntil", problem FROM sign_ins WHERE id = ?`;

/** Id, credential, subject, by, sealed, started, expires. */
export const BEGIN_SIGN_IN = `INSERT INTO sign_ins (id, credential, subject, "by", sealed, started_at, expires_at, state)
  VALUES (?, ?, ?, ?, ?, ?, ?, 'open')`;

/** A time: what expired before it. */
export const FORGET_SIGN_INS = 'DELETE FROM sign_ins WHERE expires_at < ?';

/** Credential, subject, credential, subject: there is room for one more after it. */
export const FORGET_OLDEST_SIGN_INS = `DELETE FROM sign_ins WHERE credential = ? AND subject = ? AND id NOT IN (
  SELECT id FROM sign_ins WHERE credential = ? AND subject = ? ORDER BY started_at DESC, id LIMIT ${MOST_SIGN_INS - 1})`;

/** Until; id, now, now. */
export const TAKE_SIGN_IN = `UPDATE sign_ins SET state = 'taken', taken_until = ?
  WHERE id = ? AND expires_at > ? AND (state = 'open' OR (state = 'taken' AND taken_until <= ?))`;

/** State, problem; id, until. */
export const END_SIGN_IN = `UPDATE sign_ins SET state = ?, problem = ?, taken_until = NULL
  WHERE id = ? AND state = 'taken' AND taken_until = ?`;

export function signInOf(stored: StoredSignIn): SignIn {
  return { ...stored, takenUntil: stored.takenUntil ?? undefined, problem: stored.problem ?? undefined };
}
