import { MapwrightError } from '../../core/error.ts';
import type { IdentityStore, User } from '../../core/identity-store.ts';
import { USERS_PREFIX } from '../../core/module.ts';
import { recordNumber, recordPrefix } from '../../core/record.ts';
import { seal, unseal } from '../sealing.ts';
import type { SealingKey } from '../sealing.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { guarded } from './sqlite-failure.ts';

/** The part of an identity store that is about users and their keys. */
type UserStore = Pick<IdentityStore, 'users' | 'userByName' | 'userById' | 'addUser' | 'accessKey' | 'setAccessKey'>;

interface UserRow {
  readonly number: number;
  readonly name: string;
  readonly admin: number;
  readonly active: number;
}

/** The number of a user's id (`19x1`); 0, which no user has, for any other text. */
export function userNumber(id: string): number {
  return recordPrefix(id) === USERS_PREFIX ? (recordNumber(id) ?? 0) : 0;
}

/** The id of the user with this number. */
export function userId(number: number): string {
  return `${USERS_PREFIX}x${number}`;
}

/** Users on SQLite, numbered from 1; their access keys are sealed. */
export function createUserStore(db: SqliteDatabase, commits: GroupCommit, key: SealingKey): UserStore {
  const sql = prepare(db);
  const sealFor = (number: number, accessKey: string) => seal(key, purposeOf(number), accessKey);
  return {
    users: guarded(() => sql.all.all().map(userOf)),
    userByName: guarded((name) => optionalUser(sql.byName.get(name))),
    userById: guarded((id) => optionalUser(sql.byNumber.get(userNumber(id)))),
    addUser: ({ name, admin, accessKey, at }) =>
      commits.write(() => {
        if (sql.byName.get(name) !== undefined) throw userExists(name);
        const number = Number(sql.insert.run(name, Number(admin), at).lastInsertRowid);
        sql.setAccessKey.run(sealFor(number, accessKey), number);
        return { id: userId(number), name, admin, active: true };
      }),
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

function purposeOf(number: number): string {
  return `access-key:${number}`;
}

function userExists(name: string): MapwrightError {
  return new MapwrightError('IDENTITY_USER_EXISTS', `There is a user ${name} already.`);
}

function userUnknown(id: string): MapwrightError {
  return new MapwrightError('IDENTITY_USER_UNKNOWN', `There is no user ${id}.`);
}

function optionalUser(row: UserRow | undefined): User | undefined {
  return row === undefined ? undefined : userOf(row);
}

function userOf({ number, name, admin, active }: UserRow): User {
  return { id: userId(number), name, admin: admin === 1, active: active === 1 };
}

function prepare(db: SqliteDatabase) {
  const select = 'SELECT number, name, admin, active FROM users';
  return {
    all: db.prepare<[], UserRow>(`${select} ORDER BY number`),
    byName: db.prepare<[string], UserRow>(`${select} WHERE name = ?`),
    byNumber: db.prepare<[number], UserRow>(`${select} WHERE number = ?`),
    insert: db.prepare<[string, number, number]>(
      "INSERT INTO users (name, admin, active, access_key, created_at) VALUES (?, ?, 1, '', ?)",
    ),
    accessKey: db.prepare<[number], { sealed: string }>('SELECT access_key AS sealed FROM users WHERE number = ?'),
    setAccessKey: db.prepare<[string, number]>('UPDATE users SET access_key = ? WHERE number = ?'),
  };
}
