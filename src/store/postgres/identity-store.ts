import type { Challenge, IdentityStore } from '../../core/identity-store.ts';
import type { KeyRing } from '../key/key-ring.ts';
import { sessionNameHash } from '../session-name.ts';
import { userId, userNumber } from '../user-row.ts';
import { createGroupStore } from './group-store.ts';
import { Turns } from './turns.ts';
import { createUnitStore } from './unit-store.ts';
import { createUserStore } from './user-store.ts';
import type { PeopleStoreParts } from './user-store.ts';

interface SessionRow {
  readonly user: number;
  readonly openedAt: number;
  readonly usedAt: number;
}

/** An identity store on PostgreSQL. */
export function createIdentityStore(parts: Omit<PeopleStoreParts, 'turns'>, ring: KeyRing): IdentityStore {
  const { db } = parts;
  const people = { ...parts, turns: new Turns() };
  return {
    ...createUserStore(people, ring),
    ...createGroupStore(people),
    ...createUnitStore(people),
    challenges: ({ user, since }) =>
      db.all<Challenge>(
        `SELECT token, issued_at AS "issuedAt", expires_at AS "expiresAt" FROM challenges
         WHERE "user" = $1 AND issued_at >= $2 ORDER BY issued_at DESC, sequence DESC`,
        [userNumber(user), since],
      ),
    async addChallenge(user, { token, issuedAt, expiresAt }) {
      await db.run('INSERT INTO challenges ("user", token, issued_at, expires_at) VALUES ($1, $2, $3, $4)', [
        userNumber(user),
        token,
        issuedAt,
        expiresAt,
      ]);
    },
    async openSession({ name, user, at }) {
      await db.run('INSERT INTO sessions (name_hash, "user", opened_at, used_at) VALUES ($1, $2, $3, $3)', [
        sessionNameHash(name),
        userNumber(user),
        at,
      ]);
    },
    async session(name) {
      const [row] = await db.all<SessionRow>(
        'SELECT "user", opened_at AS "openedAt", used_at AS "usedAt" FROM sessions WHERE name_hash = $1',
        [sessionNameHash(name)],
      );
      return row && { ...row, user: userId(row.user) };
    },
    async touchSession(name, at) {
      await db.run('UPDATE sessions SET used_at = $1 WHERE name_hash = $2 AND used_at < $1', [
        at,
        sessionNameHash(name),
      ]);
    },
    closeSession: async (name) =>
      (await db.run('DELETE FROM sessions WHERE name_hash = $1', [sessionNameHash(name)])) > 0,
    async openSessions({ openedSince, usedSince }) {
      const [row] = await db.all<{ count: number }>(
        'SELECT count(*) AS count FROM sessions WHERE opened_at >= $1 AND used_at >= $2',
        [openedSince, usedSince],
      );
      return row?.count ?? 0;
    },
  };
}
