import type { AccessStore, OnceRequest, OnceState } from '../../core/access-store.ts';
import type { OnceRow } from '../once-row.ts';
import { onceState } from '../once-row.ts';
import { sessionNameHash } from '../session-name.ts';
import { TOKEN_COLUMNS, storedGrants, tokenExists, tokenOf } from '../token-row.ts';
import type { TokenRow } from '../token-row.ts';
import { userId, userNumber, userUnknown } from '../user-row.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { guarded } from './sqlite-failure.ts';

interface LoginRow {
  readonly user: number;
  readonly openedAt: number;
  readonly usedAt: number;
}

/** Passwords, logins, tokens and answers of the API on SQLite. */
export function createAccessStore(db: SqliteDatabase, commits: GroupCommit): AccessStore {
  return { ...logins(db, commits), ...tokens(db, commits), ...requests(db, commits) };
}

type Logins = Pick<
  AccessStore,
  'passwordHash' | 'setPasswordHash' | 'openLogin' | 'login' | 'touchLogin' | 'closeLogin'
>;

function logins(db: SqliteDatabase, commits: GroupCommit): Logins {
  const sql = prepareLogins(db);
  return {
    passwordHash: guarded((user) => sql.password.get(userNumber(user))?.hash),
    setPasswordHash: ({ user, hash, at }) =>
      commits.write(() => {
        const number = userNumber(user);
        if (sql.user.get(number) === undefined) throw userUnknown(user);
        sql.setPassword.run(number, hash, at);
        sql.endLogins.run(number);
      }),
    openLogin: async ({ name, user, at }) => {
      await commits.write(() => sql.open.run(sessionNameHash(name), userNumber(user), at, at));
    },
    login: guarded((name) => {
      const row = sql.login.get(sessionNameHash(name));
      return row && { ...row, user: userId(row.user) };
    }),
    touchLogin: async (name, at) => void (await commits.write(() => sql.touch.run(at, sessionNameHash(name)))),
    closeLogin: (name) => commits.write(() => sql.close.run(sessionNameHash(name)).changes > 0),
  };
}

function prepareLogins(db: SqliteDatabase) {
  return {
    user: db.prepare<[number], unknown>('SELECT 1 FROM users WHERE number = ?'),
    password: db.prepare<[number], { hash: string }>('SELECT hash FROM passwords WHERE user = ?'),
    setPassword: db.prepare<[number, string, number]>(
      `INSERT INTO passwords (user, hash, set_at) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at`,
    ),
    endLogins: db.prepare<[number]>('DELETE FROM logins WHERE user = ?'),
    open: db.prepare<[Buffer, number, number, number]>(
      'INSERT INTO logins (name_hash, user, opened_at, used_at) VALUES (?, ?, ?, ?)',
    ),
    login: db.prepare<[Buffer], LoginRow>(
      'SELECT user, opened_at AS openedAt, used_at AS usedAt FROM logins WHERE name_hash = ?',
    ),
    touch: db.prepare<[number, Buffer]>('UPDATE logins SET used_at = max(used_at, ?) WHERE name_hash = ?'),
    close: db.prepare<[Buffer]>('DELETE FROM logins WHERE name_hash = ?'),
  };
}

type Tokens = Pick<AccessStore, 'addToken' | 'tokenOf' | 'tokens' | 'noteTokenUse' | 'revokeToken'>;

function tokens(db: SqliteDatabase, commits: GroupCommit): Tokens {
  const select = `SELECT ${TOKEN_COLUMNS} FROM api_tokens`;
  const all = db.prepare<[], TokenRow>(`${select} ORDER BY name`);
  const byName = db.prepare<[string], TokenRow>(`${select} WHERE name = ?`);
  const bySecret = db.prepare<[Buffer], TokenRow>(`${select} WHERE secret_hash = ?`);
  const insert = db.prepare<[string, Buffer, string, number, string, number | null]>(
    `INSERT INTO api_tokens (name, secret_hash, grants, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const used = db.prepare<[number, string, string]>('UPDATE api_tokens SET used_at = ?, used_from = ? WHERE name = ?');
  const revoke = db.prepare<[number, string, string]>(
    'UPDATE api_tokens SET revoked_at = ?, revoked_by = ? WHERE name = ? AND revoked_at IS NULL',
  );
  return {
    addToken: ({ secret, ...token }) =>
      commits.write(() => {
        const { name, grants, createdAt, createdBy, expiresAt } = token;
        if (byName.get(name) !== undefined) throw tokenExists(name);
        const hash = sessionNameHash(secret);
        insert.run(name, hash, storedGrants(grants), createdAt, createdBy, expiresAt ?? null);
        return { ...token, usedAt: undefined, usedFrom: undefined, revokedAt: undefined, revokedBy: undefined };
      }),
    tokenOf: guarded((secret) => optional(bySecret.get(sessionNameHash(secret)))),
    tokens: guarded(() => all.all().map(tokenOf)),
    noteTokenUse: async ({ name, at, from }) => void (await commits.write(() => used.run(at, from, name))),
    revokeToken: ({ name, at, by }) =>
      commits.write(() => {
        revoke.run(at, by, name);
        return optional(byName.get(name));
      }),
  };
}

function requests(db: SqliteDatabase, commits: GroupCommit): Pick<AccessStore, 'beginOnce' | 'endOnce'> {
  const find = db.prepare<[string, string], OnceRow>(
    'SELECT body_hash AS bodyHash, at, answer FROM api_requests WHERE caller = ? AND key = ?',
  );
  const take = db.prepare<[string, string, string, number]>(
    `INSERT INTO api_requests (caller, key, body_hash, at) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET at = excluded.at`,
  );
  const answer = db.prepare<[string, string, string]>(
    'UPDATE api_requests SET answer = ? WHERE caller = ? AND key = ?',
  );
  const forget = db.prepare<[string, string]>('DELETE FROM api_requests WHERE caller = ? AND key = ?');
  const begin = (request: OnceRequest): OnceState => {
    const { caller, key, bodyHash, at } = request;
    const row = find.get(caller, key);
    const state = row === undefined ? undefined : onceState(row, request);
    if (state !== undefined) return state;
    take.run(caller, key, bodyHash, at);
    return { kind: 'new' };
  };
  return {
    beginOnce: (request) => commits.write<OnceState>(() => begin(request)),
    endOnce: async ({ caller, key, answer: given }) =>
      void (await commits.write(() =>
        given === undefined ? forget.run(caller, key) : answer.run(given, caller, key),
      )),
  };
}

function optional(row: TokenRow | undefined) {
  return row === undefined ? undefined : tokenOf(row);
}
