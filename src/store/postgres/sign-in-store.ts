import type { SignInStore } from '../../core/sign-in.ts';
import {
  BEGIN_SIGN_IN,
  END_SIGN_IN,
  FORGET_OLDEST_SIGN_INS,
  FORGET_SIGN_INS,
  ONE_SIGN_IN,
  type StoredSignIn,
  signInOf,
  TAKE_SIGN_IN,
} from '../sign-in-text.ts';
import type { PostgresDatabase } from './database.ts';
import { numbered } from './postgres-dialect.ts';

/** Sign-ins on PostgreSQL: whichever node a person comes back to, one exchanges the code. */
export function createSignInStore(db: PostgresDatabase): SignInStore {
  return {
    begin: ({ id, credential, subject, by, sealed, startedAt, expiresAt }, { forgetBefore }) =>
      db.transaction(async (session) => {
        await session.run(numbered(FORGET_SIGN_INS), [forgetBefore]);
        await session.run(numbered(FORGET_OLDEST_SIGN_INS), [credential, subject, credential, subject]);
        await session.run(numbered(BEGIN_SIGN_IN), [id, credential, subject, by, sealed, startedAt, expiresAt]);
      }),
    async get(id) {
      const [row] = await db.all<StoredSignIn>(numbered(ONE_SIGN_IN), [id]);
      return row && signInOf(row);
    },
    take: async ({ id, at, until }) => (await db.run(numbered(TAKE_SIGN_IN), [until, id, at, at])) > 0,
    async end({ id, until, outcome }) {
      const problem = outcome.state === 'connected' ? null : outcome.problem;
      return (await db.run(numbered(END_SIGN_IN), [outcome.state, problem, id, until])) > 0;
    },
  };
}
