import type { AccessStore, ApiToken, OnceState } from '../../core/access-store.ts';
import type { OnceRow } from '../once-row.ts';
import { onceState } from '../once-row.ts';
import { sessionNameHash } from '../session-name.ts';
import { TOKEN_COLUMNS, storedGrants, tokenExists, tokenOf } from '../token-row.ts';
import type { TokenRow } from '../token-row.ts';
import { userId, userNumber, userUnknown } from '../user-row.ts';
import type { PostgresDatabase, SqlParameter } from './database.ts';

interface LoginRow {
  readonly user: number;
  readonly openedAt: number;
  readonly usedAt: number;
}

/** Passwords, logins, tokens and answers of the API on PostgreSQL. */
export function createAccessStore(db: PostgresDatabase): AccessStore {
  return { ...logins(db), ...tokens(db), ...requests(db) };
}

type Logins = Pick<
  AccessStore,
  'passwordHash' | 'setPasswordHash' | 'openLogin' | 'login' | 'touchLogin' | 'closeLogin'
>;

function logins(db: PostgresDatabase): Logins {
  return {
    async passwordHash(user) {
      const [row] = await db.all<{ hash: string }>('SELECT hash FROM passwords WHERE "user" = $1', [userNumber(user)]);
      return row?.hash;
    },
    setPasswordHash: ({ user, hash, at }) =>
      db.transaction(async (session) => {
        const set = await session.run(
          `INSERT INTO passwords ("user", hash, set_at) SELECT number, $2, $3 FROM users WHERE number = $1
           ON CONFLICT ("user") DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at`,
          [userNumber(user), hash, at],
        );
        if (set === 0) throw userUnknown(user);
        await session.run('DELETE FROM logins WHERE "user" = $1', [userNumber(user)]);
      }),
    async openLogin({ name, user, at }) {
      await db.run('INSERT INTO logins (name_hash, "user", opened_at, used_at) VALUES ($1, $2, $3, $3)', [
        sessionNameHash(name),
        userNumber(user),
        at,
      ]);
    },
    async login(name) {
      const [row] = await db.all<LoginRow>(
        'SELECT "user", opened_at AS "openedAt", used_at AS "usedAt" FROM logins WHERE name_hash = $1',
        [sessionNameHash(name)],
      );
      return row && { ...row, user: userId(row.user) };
    },
    async touchLogin(name, at) {
      await db.run('UPDATE logins SET used_at = $1 WHERE name_hash = $2 AND used_at < $1', [at, sessionNameHash(name)]);
    },
    closeLogin: async (name) => (await db.run('DELETE FROM logins WHERE name_hash = $1', [sessionNameHash(name)])) > 0,
  };
}

type Tokens = Pick<AccessStore, 'addToken' | 'tokenOf' | 'tokens' | 'noteTokenUse' | 'revokeToken'>;

function tokens(db: PostgresDatabase): Tokens {
  const select = async (rest: string, values: readonly SqlParameter[] = []): Promise<ApiToken[]> =>
    (await db.all<TokenRow>(`SELECT ${TOKEN_COLUMNS} FROM api_tokens ${rest}`, values)).map(tokenOf);
  return {
    async addToken({ secret, ...token }) {
      const { name, grants, createdAt, createdBy, expiresAt } = token;
      const added = await db.run(
        `INSERT INTO api_tokens (name, secret_hash, grants, created_at, created_by, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO NOTHING`,
        [name, sessionNameHash(secret), storedGrants(grants), createdAt, createdBy, expiresAt ?? null],
      );
      if (added === 0) throw tokenExists(name);
      return { ...token, usedAt: undefined, usedFrom: undefined, revokedAt: undefined, revokedBy: undefined };
    },
    tokenOf: async (secret) => (await select('WHERE secret_hash = $1', [sessionNameHash(secret)]))[0],
    tokens: () => select('ORDER BY name'),
    async noteTokenUse({ name, at, from }) {
      await db.run('UPDATE api_tokens SET used_at = $1, used_from = $2 WHERE name = $3', [at, from, name]);
    },
    async revokeToken({ name, at, by }) {
      await db.run('UPDATE api_tokens SET revoked_at = $1, revoked_by = $2 WHERE name = $3 AND revoked_at IS NULL', [
        at,
        by,
        name,
      ]);
      return (await select('WHERE name = $1', [name]))[0];
    },
  };
}

function requests(db: PostgresDatabase): Pick<AccessStore, 'beginOnce' | 'endOnce'> {
  return {
    beginOnce: (request) =>
      db.transaction(async (session): Promise<OnceState> => {
        const { caller, key, bodyHash, at } = request;
        const taken = await session.run(
          `INSERT INTO api_requests (caller, key, body_hash, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
          [caller, key, bodyHash, at],
        );
        if (taken > 0) return { kind: 'new' };
        const [row] = await session.all<OnceRow>(
          `SELECT body_hash AS "bodyHash", at, answer FROM api_requests WHERE caller = $1 AND key = $2 FOR UPDATE`,
          [caller, key],
        );
        const state: OnceState | undefined = row === undefined ? { kind: 'running' } : onceState(row, request);
        if (state !== undefined) return state;
        await session.run('UPDATE api_requests SET at = $1 WHERE caller = $2 AND key = $3', [at, caller, key]);
        return { kind: 'new' };
      }),
    async endOnce({ caller, key, answer }) {
      if (answer === undefined) await db.run('DELETE FROM api_requests WHERE caller = $1 AND key = $2', [caller, key]);
      else await db.run('UPDATE api_requests SET answer = $1 WHERE caller = $2 AND key = $3', [answer, caller, key]);
    },
  };
}
