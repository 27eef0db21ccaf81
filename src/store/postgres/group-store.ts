import type { Group, GroupStore } from '../../core/group.ts';
import { GROUPS } from '../../core/identity-module.ts';
import { GROUP_COLUMNS, groupExists, groupNumber, groupOf, groupUnknown } from '../group-row.ts';
import type { GroupRow } from '../group-row.ts';
import { userNumber, userUnknown } from '../user-row.ts';
import type { PostgresDatabase, Session, SqlParameter } from './database.ts';
import { queryPeople } from './people-query.ts';
import type { PeopleStoreParts } from './user-store.ts';

/** The groups, for those who may not change them. */
export function createGroupReader(db: PostgresDatabase): Pick<GroupStore, 'groups'> {
  return { groups: () => select(db, 'ORDER BY number') };
}

/** Groups on PostgreSQL, numbered from 1; a number is never given again. */
export function createGroupStore({ db, searches, turns }: PeopleStoreParts): GroupStore {
  const change = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    turns.take(() =>
      db.transaction(async (session) => {
        // A name is given once, and nobody joins a group that is being removed, whatever other nodes do meanwhile.
        await session.run('LOCK TABLE groups IN SHARE ROW EXCLUSIVE MODE');
        return work(session);
      }),
    );
  return {
    ...createGroupReader(db),
    groupByName: (name) => one(db, 'WHERE name = $1', [name]),
    groupById: (id) => one(db, 'WHERE number = $1', [groupNumber(id)]),
    async findGroups(query) {
      const { numbers, total } = await queryPeople(searches, { module: GROUPS, query });
      const rows = await select(db, 'WHERE number = ANY($1::bigint[])', [numbers]);
      const groups = new Map(rows.map((group) => [groupNumber(group.id), group]));
      // One that was removed meanwhile is not found.
      return { found: numbers.flatMap((number) => groups.get(number) ?? []), total };
    },
    addGroup: (added) => change((session) => addGroup(session, added)),
    removeGroup: (id) =>
      change(async (session) => {
        await session.run('DELETE FROM group_members WHERE "group" = $1', [groupNumber(id)]);
        return (await session.run('DELETE FROM groups WHERE number = $1', [groupNumber(id)])) > 0;
      }),
    addMember: ({ group, user }) => change((session) => addMember(session, group, user)),
    removeMember: ({ group, user }) =>
      change(async (session) => {
        const sql = 'DELETE FROM group_members WHERE "group" = $1 AND "user" = $2';
        return (await session.run(sql, [groupNumber(group), userNumber(user)])) > 0;
      }),
  };
}

async function addGroup(
  session: Session,
  { name, description, at }: Parameters<GroupStore['addGroup']>[0],
): Promise<Group> {
  if ((await one(session, 'WHERE name = $1', [name])) !== undefined) throw groupExists(name);
  const [row] = await session.all<GroupRow>(
    `INSERT INTO groups (name, description, created_at) VALUES ($1, $2, $3) RETURNING ${GROUP_COLUMNS}`,
    [name, description, at],
  );
  if (row === undefined) throw groupUnknown(name);
  return groupOf(row, []);
}

async function addMember(session: Session, group: string, user: string): Promise<boolean> {
  if ((await one(session, 'WHERE number = $1', [groupNumber(group)])) === undefined) throw groupUnknown(group);
  const [known] = await session.all('SELECT 1 FROM users WHERE number = $1', [userNumber(user)]);
  if (known === undefined) throw userUnknown(user);
  const added = await session.run(
    'INSERT INTO group_members ("group", "user") VALUES ($1, $2) ON CONFLICT ("group", "user") DO NOTHING',
    [groupNumber(group), userNumber(user)],
  );
  return added > 0;
}

async function select(session: Session, rest: string, values: readonly SqlParameter[] = []): Promise<Group[]> {
  const rows = await session.all<GroupRow & { members: readonly number[] }>(
    `SELECT ${GROUP_COLUMNS},
       ARRAY(SELECT "user" FROM group_members WHERE "group" = groups.number ORDER BY "user") AS members
     FROM groups ${rest}`,
    values,
  );
  return rows.map(({ members, ...row }) => groupOf(row, members));
}

async function one(session: Session, rest: string, values: readonly SqlParameter[]): Promise<Group | undefined> {
  const [group] = await select(session, rest, values);
  return group;
}
