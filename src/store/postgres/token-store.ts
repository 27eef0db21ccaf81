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
import type { PostgresDatabase } from './database.ts';
import { numbered } from './postgres-dialect.ts';

/** Tokens on PostgreSQL, shared by all nodes: of several that want to renew one, the row lets one. */
export function createTokenStore(db: PostgresDatabase): TokenStore {
  const changed = async (sql: string, values: readonly (string | number)[]): Promise<boolean> =>
    (await db.run(numbered(sql), [...values])) > 0;
  return {
    async get({ credential, subject }) {
      const [row] = await db.all<StoredToken>(numbered(ONE_TOKEN), [credential, subject]);
      return row && tokenRow(row);
    },
    list: async () => (await db.all<StoredToken>(ALL_TOKENS)).map(tokenRow),
    async beginRenewal({ credential, subject, version, renewer, at, until }) {
      if (await changed(BEGIN_RENEWAL, [renewer, until, credential, subject, version, at])) return true;
      return version === 0 && changed(BEGIN_FIRST_RENEWAL, [credential, subject, at, renewer, until]);
    },
    endRenewal({ credential, subject, renewer, at, fingerprint, outcome }) {
      if ('sealed' in outcome)
        return changed(END_RENEWAL, [outcome.sealed, fingerprint, at, credential, subject, renewer]);
      const ending = outcome.isThrownAway ? THROW_AWAY : FAIL_RENEWAL;
      return changed(ending, [outcome.problem, at, credential, subject, renewer]);
    },
    async put({ credential, subject, sealed, fingerprint, at }) {
      await changed(PUT_TOKEN, [credential, subject, sealed, fingerprint, at, at]);
    },
    remove: ({ credential, subject }) => changed(REMOVE_TOKEN, [credential, subject]),
    removeAll: (credential) => db.run(numbered(REMOVE_TOKENS), [credential]),
  };
}
