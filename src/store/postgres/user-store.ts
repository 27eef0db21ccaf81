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
  userNumber,
  userOf,
  userUnknown,
} from '../user-row.ts';
import type { UserRow } from '../user-row.ts';
import type { PostgresDatabase, Session, SqlParameter } from './database.ts';
import { queryPeople } from './people-query.ts';
import { numbered } from './postgres-dialect.ts';
import type { Turns } from './turns.ts';

/** The part of an identity store that is about users and their keys. */
type UserStore = Pick<
  IdentityStore,
  'users' | 'userByName' | 'userById' | 'findUsers' | 'addUser' | 'changeUser' | 'accessKey' | 'setAccessKey'
>;

/** What a store of people is made on. */
export interface PeopleStoreParts {
  readonly db: PostgresDatabase;
  /** For queries, which may take long. */
  readonly searches: PostgresDatabase;
  /** For changes of this process. */
  readonly turns: Turns;
}

/** The users, for those who may not read their keys. */
export function createUserReader(db: PostgresDatabase): Pick<IdentityStore, 'users'> {
  return { users: () => select(db, 'ORDER BY number') };
}

/** Users on PostgreSQL, numbered from 1; their access keys are sealed. */
export function createUserStore({ db, searches, turns }: PeopleStoreParts, ring: KeyRing): UserStore {
  const change = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    turns.take(() =>
      db.transaction(async (session) => {
        // Names are given once and an administrator is always left, whatever other nodes do meanwhile.
        await session.run('LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE');
        return work(session);
      }),
    );
  return {
    ...createUserReader(db),
    userByName: (name) => one(db, 'WHERE name = $1', [name]),
    userById: (id) => one(db, 'WHERE number = $1', [userNumber(id)]),
    async findUsers(query) {
      const { numbers, total } = await queryPeople(searches, { module: USERS, query });
      const rows = await select(db, 'WHERE number = ANY($1::bigint[])', [numbers]);
      const users = new Map(rows.map((user) => [userNumber(user.id), user]));
      return { found: numbers.flatMap((number) => users.get(number) ?? []), total };
    },
    addUser: (added) => change((session) => addUser(session, ring, added)),
    changeUser: (id, changes) => change((session) => changeUser(session, id, changes)),
    async accessKey(id) {
      const number = userNumber(id);
      const [row] = await db.all<{ sealed: string }>('SELECT access_key AS sealed FROM users WHERE number = $1', [
        number,
      ]);
      return row && ring.open(accessKeyPurpose(number), row.sealed);
    },
    async setAccessKey(id, accessKey) {
      const number = userNumber(id);
      const sealed = ring.seal(accessKeyPurpose(number), accessKey);
      await change(async (session) => {
        const changed = await session.run('UPDATE users SET access_key = $1 WHERE number = $2', [sealed, number]);
        if (changed === 0) throw userUnknown(id);
        await session.run('DELETE FROM sessions WHERE "user" = $1', [number]);
      });
    },
  };
}

async function addUser(session: Session, ring: KeyRing, added: Parameters<UserStore['addUser']>[0]): Promise<User> {
  const { name, admin, accessKey, at, firstName = '', lastName = '', email = '', preferences = {}, role } = added;
  if ((await one(session, 'WHERE name = $1', [name])) !== undefined) throw userExists(name);
  // Not from a sequence: that one goes on when the transaction fails, and the first user is known by its number.
  const [next] = await session.all<{ number: number }>('SELECT coalesce(max(number), 0) + 1 AS number FROM users');
  const number = next?.number ?? 1;
  await session.run(
    `INSERT INTO users (number, name, admin, active, access_key, created_at, first_name, last_name, email, preferences, role)
     VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10)`,
    [
      number,
      name,
      Number(admin),
      ring.seal(accessKeyPurpose(number), accessKey),
      at,
      firstName,
      lastName,
      email,
      JSON.stringify(preferences),
      storedRole(role),
    ],
  );
  const user = await one(session, 'WHERE number = $1', [number]);
  if (user === undefined) throw userUnknown(name);
  return user;
}

async function changeUser(session: Session, id: string, changes: UserChanges): Promise<User> {
  const number = userNumber(id);
  const before = await one(session, 'WHERE number = $1', [number]);
  if (before === undefined) throw userUnknown(id);
  const after = changedUser(before, changes);
  if (governs(before) && !governs(after)) await requireAnotherAdministrator(session, before);
  const { firstName, lastName, email, admin, active, preferences = {}, role } = after;
  await session.run(
    `UPDATE users SET first_name = $1, last_name = $2, email = $3, admin = $4, active = $5, preferences = $6, role = $7
     WHERE number = $8`,
    [firstName, lastName, email, Number(admin), Number(active), JSON.stringify(preferences), storedRole(role), number],
  );
  if (before.active && !active) {
    await session.run('DELETE FROM sessions WHERE "user" = $1', [number]);
    await session.run('DELETE FROM challenges WHERE "user" = $1', [number]);
    await session.run('DELETE FROM logins WHERE "user" = $1', [number]);
    await session.run(numbered(FORGET_TOKENS_OF), [id]);
  }
  return after;
}

async function requireAnotherAdministrator(session: Session, user: User): Promise<void> {
  const [others] = await session.all<{ count: number }>(
    'SELECT count(*) AS count FROM users WHERE admin = 1 AND active = 1 AND number <> $1',
    [userNumber(user.id)],
  );
  if (others?.count === 0) throw lastAdministrator(user.name);
}

async function select(session: Session, rest: string, values: readonly SqlParameter[] = []): Promise<User[]> {
  const rows = await session.all<UserRow>(`SELECT ${USER_COLUMNS} FROM users ${rest}`, values);
  return rows.map(userOf);
}

async function one(session: Session, rest: string, values: readonly SqlParameter[]): Promise<User | undefined> {
  const [user] = await select(session, rest, values);
  return user;
}
