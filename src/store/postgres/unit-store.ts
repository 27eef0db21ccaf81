import type { OrganisationUnit, OrganisationUnitStore } from '../../core/unit.ts';
import { SELECT_UNITS, unitCycle, unitExists, unitHasParts, unitOf, unitsBelow, unitUnknown } from '../unit-row.ts';
import type { UnitRow } from '../unit-row.ts';
import { userId, userNumber, userUnknown } from '../user-row.ts';
import type { Session } from './database.ts';
import type { PeopleStoreParts } from './user-store.ts';

/** Organisation units on PostgreSQL. */
export function createUnitStore({ db, turns }: Pick<PeopleStoreParts, 'db' | 'turns'>): OrganisationUnitStore {
  const change = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    turns.take(() =>
      db.transaction(async (session) => {
        // The tree stays one, and nobody joins a unit that is being removed, whatever other nodes do meanwhile.
        await session.run('LOCK TABLE units IN SHARE ROW EXCLUSIVE MODE');
        return work(session);
      }),
    );
  return {
    units: () => listUnits(db),
    addUnit: (added) => change((session) => addUnit(session, added)),
    moveUnit: ({ name, parent }) => change((session) => moveUnit(session, name, parent)),
    removeUnit: (name) => change((session) => removeUnit(session, name)),
    addUnitMember: ({ unit, user }) => change((session) => addMember(session, unit, user)),
    removeUnitMember: ({ unit, user }) =>
      change(async (session) => {
        const sql = 'DELETE FROM unit_members WHERE unit = (SELECT number FROM units WHERE name = $1) AND "user" = $2';
        return (await session.run(sql, [unit, userNumber(user)])) > 0;
      }),
    async unitPeople(name) {
      if ((await numberOf(db, name)) === undefined) return undefined;
      const rows = await db.all<{ user: number }>(
        `${unitsBelow('$1')} SELECT DISTINCT "user" FROM unit_members
         WHERE unit IN (SELECT number FROM below) ORDER BY "user"`,
        [name],
      );
      return rows.map(({ user }) => userId(user));
    },
  };
}

async function listUnits(session: Session): Promise<OrganisationUnit[]> {
  const rows = await session.all<UnitRow>(`${SELECT_UNITS} ORDER BY units.name COLLATE "C"`);
  const members = await session.all<{ unit: number; user: number }>(
    'SELECT unit, "user" FROM unit_members ORDER BY unit, "user"',
  );
  const byUnit = Map.groupBy(members, ({ unit }) => unit);
  return rows.map((row) =>
    unitOf(
      row,
      (byUnit.get(row.number) ?? []).map(({ user }) => user),
    ),
  );
}

async function numberOf(session: Session, name: string): Promise<number | undefined> {
  const [row] = await session.all<{ number: number }>('SELECT number FROM units WHERE name = $1', [name]);
  return row?.number;
}

async function existing(session: Session, name: string): Promise<number> {
  const number = await numberOf(session, name);
  if (number === undefined) throw unitUnknown(name);
  return number;
}

async function addUnit(
  session: Session,
  { name, description, parent, at }: Parameters<OrganisationUnitStore['addUnit']>[0],
): Promise<OrganisationUnit> {
  if ((await numberOf(session, name)) !== undefined) throw unitExists(name);
  const above = parent === undefined ? null : await existing(session, parent);
  await session.run('INSERT INTO units (name, description, parent, created_at) VALUES ($1, $2, $3, $4)', [
    name,
    description,
    above,
    at,
  ]);
  return { name, description, parent, members: [], createdAt: at };
}

async function moveUnit(session: Session, name: string, parent: string | undefined): Promise<void> {
  const unit = await existing(session, name);
  const above = parent === undefined ? null : await existing(session, parent);
  const [below] = await session.all(`${unitsBelow('$1')} SELECT 1 FROM below WHERE number = $2::bigint`, [name, above]);
  if (parent !== undefined && below !== undefined) throw unitCycle(name, parent);
  await session.run('UPDATE units SET parent = $1::bigint WHERE number = $2', [above, unit]);
}

async function removeUnit(session: Session, name: string): Promise<boolean> {
  const unit = await numberOf(session, name);
  if (unit === undefined) return false;
  const [part] = await session.all('SELECT 1 FROM units WHERE parent = $1', [unit]);
  if (part !== undefined) throw unitHasParts(name);
  await session.run('DELETE FROM unit_members WHERE unit = $1', [unit]);
  return (await session.run('DELETE FROM units WHERE number = $1', [unit])) > 0;
}

async function addMember(session: Session, name: string, user: string): Promise<boolean> {
  const unit = await existing(session, name);
  const [known] = await session.all('SELECT 1 FROM users WHERE number = $1', [userNumber(user)]);
  if (known === undefined) throw userUnknown(user);
  const added = await session.run(
    'INSERT INTO unit_members (unit, "user") VALUES ($1, $2) ON CONFLICT (unit, "user") DO NOTHING',
    [unit, userNumber(user)],
  );
  return added > 0;
}
