import { USERS } from '../../core/identity-module.ts';
import type { IdentityStore, User, UserChanges } from '../../core/identity-store.ts';
import { FORGET_TOKENS_OF } from '../credential-token-text.ts';
import type { KeyRing } from '../key/key-ring.ts';
import {
  USER_COLUMNS,
  accessKeyPurpose,
  changedUser,
  governs,
  lastAdministrator,
  storedRole,
  userExists,
  userId,
  userNumber,
  userOf,
  userUnknown,
} from '../user-row.ts';
import type { UserRow } from '../user-row.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { queryPeople } from './people-query.ts';
import type { QueryThread } from './query-thread.ts';
import { guarded } from './sqlite-failure.ts';

/** The part of an identity store that is about users and their keys. */
type UserStore = Pick<
  IdentityStore,
  'users' | 'userByName' | 'userById' | 'findUsers' | 'addUser' | 'changeUser' | 'accessKey' | 'setAccessKey'
>;

/** What a store of people is made on. */
export interface PeopleStoreParts {
  readonly db: SqliteDatabase;
  readonly commits: GroupCommit;
  readonly queries: QueryThread;
}

/** The users, for those who may not read their keys. */
export function createUserReader(db: SqliteDatabase): Pick<IdentityStore, 'users'> {
  const { all } = prepare(db);
  return { users: guarded(() => all.all().map(userOf)) };
}

/** Users on SQLite, numbered from 1; their access keys are sealed. */
export function createUserStore({ db, commits, queries }: PeopleStoreParts, ring: KeyRing): UserStore {
  const sql = prepare(db);
  const sealFor = (number: number, accessKey: string) => ring.seal(accessKeyPurpose(number), accessKey);
  return {
    users: guarded(() => sql.all.all().map(userOf)),
    userByName: guarded((name) => optionalUser(sql.byName.get(name))),
    userById: guarded((id) => optionalUser(sql.byNumber.get(userNumber(id)))),
    findUsers: guarded(async (query) => {
      const { numbers, total } = await queryPeople(queries, { module: USERS, query });
      return { found: numbers.map((number) => requiredUser(sql, userId(number))), total };
    }),
    addUser: ({ name, admin, accessKey, at, firstName = '', lastName = '', email = '', preferences = {}, role }) =>
      commits.write(() => {
        if (sql.byName.get(name) !== undefined) throw userExists(name);
        const kept = JSON.stringify(preferences);
        const added = sql.insert.run(name, Number(admin), at, firstName, lastName, email, kept, storedRole(role));
        const number = Number(added.lastInsertRowid);
        sql.setAccessKey.run(sealFor(number, accessKey), number);
        return requiredUser(sql, userId(number));
      }),
    changeUser: (id, changes) => commits.write(() => changeUser(sql, requiredUser(sql, id), changes)),
    accessKey: guarded((id) => {
      const number = userNumber(id);
      const row = sql.accessKey.get(number);
      return row === undefined ? undefined : ring.open(accessKeyPurpose(number), row.sealed);
    }),
    setAccessKey: (id, accessKey) =>
      commits.write(() => {
        const number = userNumber(id);
        if (sql.setAccessKey.run(sealFor(number, accessKey), number).changes === 0) throw userUnknown(id);
        sql.endSessions.run(number);
      }),
  };
}

type UserStatements = ReturnType<typeof prepare>;

function changeUser(sql: UserStatements, before: User, changes: UserChanges): User {
  const after = changedUser(before, changes);
  const number = userNumber(before.id);
  if (governs(before) && !governs(after) && sql.otherAdministrators.get(number)?.count === 0) {
    throw lastAdministrator(before.name);
  }
  const { firstName, lastName, email, admin, active, preferences = {}, role } = after;
  const kept = JSON.stringify(preferences);
  sql.change.run(firstName, lastName, email, Number(admin), Number(active), kept, storedRole(role), number);
  if (before.active && !active) {
    sql.endSessions.run(number);
    sql.endChallenges.run(number);
    sql.endLogins.run(number);
    sql.forgetTokens.run(before.id);
  }
  return after;
}

function requiredUser(sql: UserStatements, id: string): User {
  const row = sql.byNumber.get(userNumber(id));
  if (row === undefined) throw userUnknown(id);
  return userOf(row);
}

function optionalUser(row: UserRow | undefined): User | undefined {
  return row === undefined ? undefined : userOf(row);
}

function prepare(db: SqliteDatabase) {
  const select = `SELECT ${USER_COLUMNS} FROM users`;
  return {
    all: db.prepare<[], UserRow>(`${select} ORDER BY number`),
    byName: db.prepare<[string], UserRow>(`${select} WHERE name = ?`),
    byNumber: db.prepare<[number], UserRow>(`${select} WHERE number = ?`),
    insert: db.prepare<[string, number, number, string, string, string, string, string]>(
      `INSERT INTO users (name, admin, active, access_key, created_at, first_name, last_name, email, preferences, role)
       VALUES (?, ?, 1, '', ?, ?, ?, ?, ?, ?)`,
    ),
    change: db.prepare<[string, string, string, number, number, string, string, number]>(
      `UPDATE users SET first_name = ?, last_name = ?, email = ?, admin = ?, active = ?, preferences = ?, role = ?
       WHERE number = ?`,
    ),
    otherAdministrators: db.prepare<[number], { count: number }>(
      'SELECT count(*) AS count FROM users WHERE admin = 1 AND active = 1 AND number <> ?',
    ),
    endSessions: db.prepare<[number]>('DELETE FROM sessions WHERE user = ?'),
    endLogins: db.prepare<[number]>('DELETE FROM logins WHERE user = ?'),
    forgetTokens: db.prepare<[string]>(FORGET_TOKENS_OF),
    endChallenges: db.prepare<[number]>('DELETE FROM challenges WHERE user = ?'),
    accessKey: db.prepare<[number], { sealed: string }>('SELECT access_key AS sealed FROM users WHERE number = ?'),
    setAccessKey: db.prepare<[string, number]>('UPDATE users SET access_key = ? WHERE number = ?'),
  };
}
