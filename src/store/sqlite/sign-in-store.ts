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
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { guarded } from './sqlite-failure.ts';

/** Sign-ins on SQLite. What an earlier process was finishing can be taken at once: it is gone, as this one has the install to itself. */
export function createSignInStore(db: SqliteDatabase, commits: GroupCommit): SignInStore {
  const sql = prepare(db);
  db.prepare('UPDATE sign_ins SET taken_until = 0 WHERE taken_until IS NOT NULL').run();
  return {
    begin: ({ id, credential, subject, by, sealed, startedAt, expiresAt }, { forgetBefore }) =>
      commits.write(() => {
        sql.forget.run(forgetBefore);
        sql.forgetOldest.run(credential, subject, credential, subject);
        sql.begin.run(id, credential, subject, by, sealed, startedAt, expiresAt);
      }),
    get: guarded((id) => {
      const row = sql.one.get(id);
      return row && signInOf(row);
    }),
    take: ({ id, at, until }) => commits.write(() => sql.take.run(until, id, at, at).changes > 0),
    end: ({ id, until, outcome }) =>
      commits.write(() => {
        const problem = outcome.state === 'connected' ? null : outcome.problem;
        return sql.end.run(outcome.state, problem, id, until).changes > 0;
      }),
  };
}

type Text = string;
type Time = number;

function prepare(db: SqliteDatabase) {
  return {
    one: db.prepare<[Text], StoredSignIn>(ONE_SIGN_IN),
    begin: db.prepare<[Text, Text, Text, Text, Text, Time, Time]>(BEGIN_SIGN_IN),
    forget: db.prepare<[Time]>(FORGET_SIGN_INS),
    forgetOldest: db.prepare<[Text, Text, Text, Text]>(FORGET_OLDEST_SIGN_INS),
    take: db.prepare<[Time, Text, Time, Time]>(TAKE_SIGN_IN),
    end: db.prepare<[Text, Text | null, Text, Time]>(END_SIGN_IN),
  };
}
