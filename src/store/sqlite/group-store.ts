import { MapwrightError } from '../../core/error.ts';
import type { Group, GroupStore } from '../../core/group.ts';
import { GROUPS } from '../../core/identity-module.ts';
import { GROUPS_PREFIX } from '../../core/module.ts';
import { recordNumber, recordPrefix } from '../../core/record.ts';
import type { SqliteDatabase } from './database.ts';
import { queryPeople } from './people-query.ts';
import { GROUPS_AS_RECORDS } from './query-source.ts';
import { guarded } from './sqlite-failure.ts';
import { userId, userNumber, userUnknown } from './user-store.ts';
import type { PeopleStoreParts } from './user-store.ts';

interface GroupRow {
  readonly number: number;
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
}

/** The groups, for those who may not change them. */
export function createGroupReader(db: SqliteDatabase): Pick<GroupStore, 'groups'> {
  const sql = prepare(db);
  return { groups: guarded(() => sql.all.all().map((row) => groupOf(sql, row))) };
}

/** Groups on SQLite, numbered from 1; a number is never given again. */
export function createGroupStore({ db, commits, queries }: PeopleStoreParts): GroupStore {
  const sql = prepare(db);
  const optional = (row: GroupRow | undefined) => (row === undefined ? undefined : groupOf(sql, row));
  return {
    ...createGroupReader(db),
    groupByName: guarded((name) => optional(sql.byName.get(name))),
    groupById: guarded((id) => optional(sql.byNumber.get(groupNumber(id)))),
    findGroups: guarded(async (query) => {
      const { numbers, total } = await queryPeople(queries, { module: GROUPS, from: GROUPS_AS_RECORDS, query });
      // One that was removed meanwhile is not found.
      const rows = numbers.map((number) => sql.byNumber.get(number)).filter((row) => row !== undefined);
      return { found: rows.map((row) => groupOf(sql, row)), total };
    }),
    addGroup: ({ name, description, at }) =>
      commits.write(() => {
        if (sql.byName.get(name) !== undefined) throw groupExists(name);
        const number = Number(sql.insert.run(name, description, at).lastInsertRowid);
        return groupOf(sql, { number, name, description, createdAt: at });
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

/** 0, which no group has, for any text that is no id of a group. */
function groupNumber(id: string): number {
  return recordPrefix(id) === GROUPS_PREFIX ? (recordNumber(id) ?? 0) : 0;
}

function groupOf(sql: ReturnType<typeof prepare>, { number, ...rest }: GroupRow): Group {
  const members = sql.members.all(number).map(({ user }) => userId(user));
  return { id: `${GROUPS_PREFIX}x${number}`, ...rest, members };
}

function groupExists(name: string): MapwrightError {
  return new MapwrightError('IDENTITY_GROUP_EXISTS', `There is a group ${name} already.`);
}

function groupUnknown(id: string): MapwrightError {
  return new MapwrightError('IDENTITY_GROUP_UNKNOWN', `There is no group ${id}.`);
}

function prepare(db: SqliteDatabase) {
  const select = 'SELECT number, name, description, created_at AS createdAt FROM groups';
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
