import { MapwrightError } from '../../core/error.ts';
import { USERS } from '../../core/identity-module.ts';
import type { IdentityStore, User, UserChanges, UserPreferences } from '../../core/identity-store.ts';
import { USERS_PREFIX } from '../../core/module.ts';
import { recordNumber, recordPrefix } from '../../core/record.ts';
import { seal, unseal } from '../sealing.ts';
import type { SealingKey } from '../sealing.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { queryPeople } from './people-query.ts';
import { USERS_AS_RECORDS } from './query-source.ts';
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

interface UserRow {
  readonly number: number;
  readonly name: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly admin: number;
  readonly active: number;
  readonly createdAt: number;
  /** JSON. */
  readonly preferences: string;
}

/** The number of a user's id (`19x1`); 0, which no user has, for any other text. */
export function userNumber(id: string): number {
  return recordPrefix(id) === USERS_PREFIX ? (recordNumber(id) ?? 0) : 0;
}

/** The id of the user with this number. */
export function userId(number: number): string {
  return `${USERS_PREFIX}x${number}`;
}

/** The users, for those who may not read their keys. */
export function createUserReader(db: SqliteDatabase): Pick<IdentityStore, 'users'> {
  const { all } = prepare(db);
  return { users: guarded(() => all.all().map(userOf)) };
}

/** Users on SQLite, numbered from 1; their access keys are sealed. */
export function createUserStore({ db, commits, queries }: PeopleStoreParts, key: SealingKey): UserStore {
  const sql = prepare(db);
  const sealFor = (number: number, accessKey: string) => seal(key, purposeOf(number), accessKey);
  return {
    users: guarded(() => sql.all.all().map(userOf)),
    userByName: guarded((name) => optionalUser(sql.byName.get(name))),
    userById: guarded((id) => optionalUser(sql.byNumber.get(userNumber(id)))),
    findUsers: guarded(async (query) => {
      const { numbers, total } = await queryPeople(queries, { module: USERS, from: USERS_AS_RECORDS, query });
      return { found: numbers.map((number) => requiredUser(sql, userId(number))), total };
    }),
    addUser: ({ name, admin, accessKey, at, firstName = '', lastName = '', email = '', preferences = {} }) =>
      commits.write(() => {
        if (sql.byName.get(name) !== undefined) throw userExists(name);
        const added = sql.insert.run(name, Number(admin), at, firstName, lastName, email, JSON.stringify(preferences));
        const number = Number(added.lastInsertRowid);
        sql.setAccessKey.run(sealFor(number, accessKey), number);
        return requiredUser(sql, userId(number));
      }),
    changeUser: (id, changes) => commits.write(() => changeUser(sql, requiredUser(sql, id), changes)),
    accessKey: guarded((id) => {
      const number = userNumber(id);
      const row = sql.accessKey.get(number);
      return row === undefined ? undefined : unseal(key, purposeOf(number), row.sealed);
    }),
    setAccessKey: (id, accessKey) =>
      commits.write(() => {
        const number = userNumber(id);
        if (sql.setAccessKey.run(sealFor(number, accessKey), number).changes === 0) throw userUnknown(id);
      }),
  };
}

type UserStatements = ReturnType<typeof prepare>;

function changeUser(sql: UserStatements, before: User, changes: UserChanges): User {
  const preferences = { ...before.preferences, ...changes.preferences };
  const after = { ...before, ...changes, ...said(preferences) };
  const number = userNumber(before.id);
  const governs = (user: User) => user.admin && user.active;
  if (governs(before) && !governs(after) && sql.otherAdministrators.get(number)?.count === 0) {
    throw lastAdministrator(before.name);
  }
  const { firstName, lastName, email, admin, active } = after;
  sql.change.run(firstName, lastName, email, Number(admin), Number(active), JSON.stringify(preferences), number);
  if (before.active && !active) {
    sql.endSessions.run(number);
    sql.endChallenges.run(number);
  }
  return after;
}

function purposeOf(number: number): string {
  return `access-key:${number}`;
}

function userExists(name: string): MapwrightError {
  return new MapwrightError('IDENTITY_USER_EXISTS', `There is a user ${name} already.`);
}

/** IDENTITY_USER_UNKNOWN. */
export function userUnknown(id: string): MapwrightError {
  return new MapwrightError('IDENTITY_USER_UNKNOWN', `There is no user ${id}.`);
}

function lastAdministrator(name: string): MapwrightError {
  return new MapwrightError('IDENTITY_LAST_ADMINISTRATOR', `${name} is the only active administrator.`, {
    hint: 'Make somebody else an administrator first: mapwright user set NAME --admin',
  });
}

function requiredUser(sql: UserStatements, id: string): User {
  const row = sql.byNumber.get(userNumber(id));
  if (row === undefined) throw userUnknown(id);
  return userOf(row);
}

function optionalUser(row: UserRow | undefined): User | undefined {
  return row === undefined ? undefined : userOf(row);
}

function userOf({ number, admin, active, preferences, ...rest }: UserRow): User {
  return { id: userId(number), ...rest, admin: admin === 1, active: active === 1, ...said(JSON.parse(preferences)) };
}

function said(preferences: UserPreferences): Pick<User, 'preferences'> {
  return Object.keys(preferences).length === 0 ? {} : { preferences };
}

function prepare(db: SqliteDatabase) {
  const select = `SELECT number, name, first_name AS firstName, last_name AS lastName, email, admin, active,
    created_at AS createdAt, preferences FROM users`;
  return {
    all: db.prepare<[], UserRow>(`${select} ORDER BY number`),
    byName: db.prepare<[string], UserRow>(`${select} WHERE name = ?`),
    byNumber: db.prepare<[number], UserRow>(`${select} WHERE number = ?`),
    insert: db.prepare<[string, number, number, string, string, string, string]>(
      `INSERT INTO users (name, admin, active, access_key, created_at, first_name, last_name, email, preferences)
       VALUES (?, ?, 1, '', ?, ?, ?, ?, ?)`,
    ),
    change: db.prepare<[string, string, string, number, number, string, number]>(
      `UPDATE users SET first_name = ?, last_name = ?, email = ?, admin = ?, active = ?, preferences = ?
       WHERE number = ?`,
    ),
    otherAdministrators: db.prepare<[number], { count: number }>(
      'SELECT count(*) AS count FROM users WHERE admin = 1 AND active = 1 AND number <> ?',
    ),
    endSessions: db.prepare<[number]>('DELETE FROM sessions WHERE user = ?'),
    endChallenges: db.prepare<[number]>('DELETE FROM challenges WHERE user = ?'),
    accessKey: db.prepare<[number], { sealed: string }>('SELECT access_key AS sealed FROM users WHERE number = ?'),
    setAccessKey: db.prepare<[string, number]>('UPDATE users SET access_key = ? WHERE number = ?'),
  };
}
