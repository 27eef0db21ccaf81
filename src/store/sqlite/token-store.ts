import type { TokenStore } from '../../core/credential.ts';
import {
  ALL_TOKENS,
  BEGIN_FIRST_RENEWAL,
  BEGIN_RENEWAL,
  END_RENEWAL,
  FAIL_RENEWAL,
  ONE_TOKEN,
  PUT_TOKEN,
  REMOVE_TOKEN,
  REMOVE_TOKENS,
  type StoredToken,
  THROW_AWAY,
  tokenRow,
} from '../credential-token-text.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { guarded } from './sqlite-failure.ts';

/** Tokens on SQLite. Renewals that an earlier process began are over: it is gone, as this one has the install to itself. */
export function createTokenStore(db: SqliteDatabase, commits: GroupCommit): TokenStore {
  const sql = prepare(db);
  db.prepare('UPDATE credential_tokens SET renewing_until = 0 WHERE renewing_until IS NOT NULL').run();
  return {
    get: guarded(({ credential, subject }) => {
      const row = sql.one.get(credential, subject);
      return row && tokenRow(row);
    }),
    list: guarded(() => sql.all.all().map(tokenRow)),
    beginRenewal: ({ credential, subject, version, renewer, at, until }) =>
      commits.write(() => {
        if (sql.begin.run(renewer, until, credential, subject, version, at).changes > 0) return true;
        return version === 0 && sql.beginFirst.run(credential, subject, at, renewer, until).changes > 0;
      }),
    endRenewal: ({ credential, subject, renewer, at, fingerprint, outcome }) =>
      commits.write(() => {
        if ('sealed' in outcome) {
          return sql.end.run(outcome.sealed, fingerprint, at, credential, subject, renewer).changes > 0;
        }
        const ending = outcome.isThrownAway ? sql.throwAway : sql.fail;
        return ending.run(outcome.problem, at, credential, subject, renewer).changes > 0;
      }),
    put: ({ credential, subject, sealed, fingerprint, at }) =>
      commits.write(() => void sql.put.run(credential, subject, sealed, fingerprint, at, at)),
    remove: ({ credential, subject }) => commits.write(() => sql.remove.run(credential, subject).changes > 0),
    removeAll: (credential) => commits.write(() => sql.removeAll.run(credential).changes),
  };
}

type Text = string;
type Time = number;

function prepare(db: SqliteDatabase) {
  return {
    one: db.prepare<[Text, Text], StoredToken>(ONE_TOKEN),
    all: db.prepare<[], StoredToken>(ALL_TOKENS),
    begin: db.prepare<[Text, Time, Text, Text, number, Time]>(BEGIN_RENEWAL),
    beginFirst: db.prepare<[Text, Text, Time, Text, Time]>(BEGIN_FIRST_RENEWAL),
    end: db.prepare<[Text, Text, Time, Text, Text, Text]>(END_RENEWAL),
    fail: db.prepare<[Text, Time, Text, Text, Text]>(FAIL_RENEWAL),
    throwAway: db.prepare<[Text, Time, Text, Text, Text]>(THROW_AWAY),
    put: db.prepare<[Text, Text, Text, Text, Time, Time]>(PUT_TOKEN),
    remove: db.prepare<[Text, Text]>(REMOVE_TOKEN),
    removeAll: db.prepare<[Text]>(REMOVE_TOKENS),
  };
}
