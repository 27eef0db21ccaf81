import type { Group, GroupStore } from '../../core/group.ts';
import { GROUPS } from '../../core/identity-module.ts';
import { GROUP_COLUMNS, groupExists, groupNumber, groupOf, groupUnknown } from '../group-row.ts';
import type { GroupRow } from '../group-row.ts';
import { userNumber, userUnknown } from '../user-row.ts';
import type { SqliteDatabase } from './database.ts';
import { queryPeople } from './people-query.ts';
import { guarded } from './sqlite-failure.ts';
import type { PeopleStoreParts } from './user-store.ts';

/** The groups, for those who may not change them. */
export function createGroupReader(db: SqliteDatabase): Pick<GroupStore, 'groups'> {
  const sql = prepare(db);
  return { groups: guarded(() => sql.all.all().map((row) => withMembers(sql, row))) };
}

/** Groups on SQLite, numbered from 1; a number is never given again. */
export function createGroupStore({ db, commits, queries }: PeopleStoreParts): GroupStore {
  const sql = prepare(db);
  const optional = (row: GroupRow | undefined) => (row === undefined ? undefined : withMembers(sql, row));
  return {
    ...createGroupReader(db),
    groupByName: guarded((name) => optional(sql.byName.get(name))),
    groupById: guarded((id) => optional(sql.byNumber.get(groupNumber(id)))),
    findGroups: guarded(async (query) => {
      const { numbers, total } = await queryPeople(queries, { module: GROUPS, query });
      // One that was removed meanwhile is not found.
      const rows = numbers.map((number) => sql.byNumber.get(number)).filter((row) => row !== undefined);
      return { found: rows.map((row) => withMembers(sql, row)), total };
    }),
    addGroup: ({ name, description, at }) =>
      commits.write(() => {
        if (sql.byName.get(name) !== undefined) throw groupExists(name);
        const number = Number(sql.insert.run(name, description, at).lastInsertRowid);
        return withMembers(sql, { number, name, description, createdAt: at });
      }),
    removeGroup: (id) =>
      commits.write(() => {
        sql.removeMembers.run(groupNumber(id));
        return sql.remove.run(groupNumber(id)).changes > 0;
      }),
    addMember: ({ group, user }) =>
      commits.write(() => {
        if (sql.byNumber.get(groupNumber(group)) === undefined) throw groupUnknown(group);
        if (sql.user.get(userNumber(user)) === undefined) throw userUnknown(user);
        return sql.addMember.run(groupNumber(group), userNumber(user)).changes > 0;
      }),
    removeMember: ({ group, user }) =>
      commits.write(() => sql.removeMember.run(groupNumber(group), userNumber(user)).changes > 0),
  };
}

function withMembers(sql: ReturnType<typeof prepare>, row: GroupRow): Group {
  return groupOf(
    row,
    sql.members.all(row.number).map(({ user }) => user),
  );
}

function prepare(db: SqliteDatabase) {
  const select = `SELECT ${GROUP_COLUMNS} FROM groups`;
  return {
    all: db.prepare<[], GroupRow>(`${select} ORDER BY number`),
    byName: db.prepare<[string], GroupRow>(`${select} WHERE name = ?`),
    byNumber: db.prepare<[number], GroupRow>(`${select} WHERE number = ?`),
    members: db.prepare<[number], { user: number }>('SELECT user FROM group_members WHERE "group" = ? ORDER BY user'),
    user: db.prepare<[number], { number: number }>('SELECT number FROM users WHERE number = ?'),
    insert: db.prepare<[string, string, number]>('INSERT INTO groups (name, description, created_at) VALUES (?, ?, ?)'),
    remove: db.prepare<[number]>('DELETE FROM groups WHERE number = ?'),
    removeMembers: db.prepare<[number]>('DELETE FROM group_members WHERE "group" = ?'),
    addMember: db.prepare<[number, number]>(
      'INSERT INTO group_members ("group", user) VALUES (?, ?) ON CONFLICT DO NOTHING',
    ),
    removeMember: db.prepare<[number, number]>('DELETE FROM group_members WHERE "group" = ? AND user = ?'),
  };
}
