import type { OrganisationUnit, OrganisationUnitStore } from '../../core/unit.ts';
import { SELECT_UNITS, unitCycle, unitExists, unitHasParts, unitOf, unitsBelow, unitUnknown } from '../unit-row.ts';
import type { UnitRow } from '../unit-row.ts';
import { userId, userNumber, userUnknown } from '../user-row.ts';
import type { SqliteDatabase } from './database.ts';
import { guarded } from './sqlite-failure.ts';
import type { PeopleStoreParts } from './user-store.ts';

/** The organisation units, for those who may not change them. */
export function createUnitReader(db: SqliteDatabase): Pick<OrganisationUnitStore, 'units'> {
  const sql = prepare(db);
  return { units: guarded(() => sql.all.all().map((row) => withMembers(sql, row))) };
}

/** Organisation units on SQLite. */
export function createUnitStore({ db, commits }: Pick<PeopleStoreParts, 'db' | 'commits'>): OrganisationUnitStore {
  const sql = prepare(db);
  const numberOf = (name: string): number => {
    const found = sql.number.get(name)?.number;
    if (found === undefined) throw unitUnknown(name);
    return found;
  };
  return {
    ...createUnitReader(db),
    addUnit: ({ name, description, parent, at }) =>
      commits.write(() => {
        if (sql.number.get(name) !== undefined) throw unitExists(name);
        sql.insert.run(name, description, parent === undefined ? null : numberOf(parent), at);
        return { name, description, parent, members: [], createdAt: at };
      }),
    moveUnit: async ({ name, parent }) => {
      await commits.write(() => {
        const [unit, above] = [numberOf(name), parent === undefined ? null : numberOf(parent)];
        if (parent !== undefined && sql.isBelow.get(name, above) !== undefined) throw unitCycle(name, parent);
        sql.move.run(above, unit);
      });
    },
    removeUnit: (name) =>
      commits.write(() => {
        const unit = sql.number.get(name)?.number;
        if (unit === undefined) return false;
        if (sql.part.get(unit) !== undefined) throw unitHasParts(name);
        sql.removeMembers.run(unit);
        return sql.remove.run(unit).changes > 0;
      }),
    addUnitMember: ({ unit, user }) =>
      commits.write(() => {
        const number = numberOf(unit);
        if (sql.user.get(userNumber(user)) === undefined) throw userUnknown(user);
        return sql.addMember.run(number, userNumber(user)).changes > 0;
      }),
    removeUnitMember: ({ unit, user }) => commits.write(() => sql.removeMember.run(unit, userNumber(user)).changes > 0),
    unitPeople: guarded((name) =>
      sql.number.get(name) === undefined ? undefined : sql.people.all(name).map(({ user }) => userId(user)),
    ),
  };
}

function withMembers(sql: ReturnType<typeof prepare>, row: UnitRow): OrganisationUnit {
  return unitOf(
    row,
    sql.members.all(row.number).map(({ user }) => user),
  );
}

function prepare(db: SqliteDatabase) {
  return {
    all: db.prepare<[], UnitRow>(`${SELECT_UNITS} ORDER BY units.name`),
    number: db.prepare<[string], { number: number }>('SELECT number FROM units WHERE name = ?'),
    members: db.prepare<[number], { user: number }>('SELECT user FROM unit_members WHERE unit = ? ORDER BY user'),
    people: db.prepare<[string], { user: number }>(
      `${unitsBelow('?')} SELECT DISTINCT user FROM unit_members WHERE unit IN (SELECT number FROM below) ORDER BY user`,
    ),
    isBelow: db.prepare<[string, number | null], unknown>(`${unitsBelow('?')} SELECT 1 FROM below WHERE number = ?`),
    part: db.prepare<[number], unknown>('SELECT 1 FROM units WHERE parent = ?'),
    user: db.prepare<[number], unknown>('SELECT 1 FROM users WHERE number = ?'),
    insert: db.prepare<[string, string, number | null, number]>(
      'INSERT INTO units (name, description, parent, created_at) VALUES (?, ?, ?, ?)',
    ),
    move: db.prepare<[number | null, number]>('UPDATE units SET parent = ? WHERE number = ?'),
    remove: db.prepare<[number]>('DELETE FROM units WHERE number = ?'),
    removeMembers: db.prepare<[number]>('DELETE FROM unit_members WHERE unit = ?'),
    addMember: db.prepare<[number, number]>(
      'INSERT INTO unit_members (unit, user) VALUES (?, ?) ON CONFLICT DO NOTHING',
    ),
    removeMember: db.prepare<[string, number]>(
      'DELETE FROM unit_members WHERE unit = (SELECT number FROM units WHERE name = ?) AND user = ?',
    ),
  };
}
