import type { Challenge, IdentityStore } from '../../core/identity-store.ts';
import type { KeyRing } from '../key/key-ring.ts';
import { sessionNameHash } from '../session-name.ts';
import { userId, userNumber } from '../user-row.ts';
import type { SqliteDatabase } from './database.ts';
import { createGroupStore } from './group-store.ts';
import { guarded } from './sqlite-failure.ts';
import { createUnitStore } from './unit-store.ts';
import { createUserStore } from './user-store.ts';
import type { PeopleStoreParts } from './user-store.ts';

interface SessionRow {
  readonly user: number;
  readonly openedAt: number;
  readonly usedAt: number;
}

/** An identity store on SQLite. */
export function createIdentityStore(parts: PeopleStoreParts, ring: KeyRing): IdentityStore {
  const { db, commits } = parts;
  const sql = prepare(db);
  return {
    ...createUserStore(parts, ring),
    ...createGroupStore(parts),
    ...createUnitStore(parts),
    challenges: guarded(({ user, since }) => sql.challenges.all(userNumber(user), since)),
    addChallenge: async (user, { token, issuedAt, expiresAt }) => {
      await commits.write(() => sql.addChallenge.run(userNumber(user), token, issuedAt, expiresAt));
    },
    openSession: async ({ name, user, at }) => {
      await commits.write(() => sql.openSession.run(sessionNameHash(name), userNumber(user), at, at));
    },
    session: guarded((name) => {
      const row = sql.session.get(sessionNameHash(name));
      return row === undefined ? undefined : { ...row, user: userId(row.user) };
    }),
    touchSession: async (name, at) => void (await commits.write(() => sql.touchSession.run(at, sessionNameHash(name)))),
    closeSession: (name) => commits.write(() => sql.closeSession.run(sessionNameHash(name)).changes > 0),
    openSessions: guarded(({ openedSince, usedSince }) => sql.openSessions.get(openedSince, usedSince)?.count ?? 0),
  };
}

function prepare(db: SqliteDatabase) {
  return {
    challenges: db.prepare<[number, number], Challenge>(
      `SELECT token, issued_at AS issuedAt, expires_at AS expiresAt FROM challenges
       WHERE user = ? AND issued_at >= ? ORDER BY issued_at DESC, sequence DESC`,
    ),
    addChallenge: db.prepare<[number, string, number, number]>(
      'INSERT INTO challenges (user, token, issued_at, expires_at) VALUES (?, ?, ?, ?)',
    ),
    openSession: db.prepare<[Buffer, number, number, number]>(
      'INSERT INTO sessions (name_hash, user, opened_at, used_at) VALUES (?, ?, ?, ?)',
    ),
    session: db.prepare<[Buffer], SessionRow>(
      'SELECT user, opened_at AS openedAt, used_at AS usedAt FROM sessions WHERE name_hash = ?',
    ),
    touchSession: db.prepare<[number, Buffer]>('UPDATE sessions SET used_at = max(used_at, ?) WHERE name_hash = ?'),
    closeSession: db.prepare<[Buffer]>('DELETE FROM sessions WHERE name_hash = ?'),
    openSessions: db.prepare<[number, number], { count: number }>(
      'SELECT count(*) AS count FROM sessions WHERE opened_at >= ? AND used_at >= ?',
    ),
  };
}
