import { MapwrightError } from '../core/error.ts';
import type { OrganisationUnit } from '../core/unit.ts';
import { userId } from './user-row.ts';

/** An organisation unit as the databases keep one. */
export interface UnitRow {
  readonly number: number;
  readonly name: string;
  readonly description: string;
  /** The parent's name. */
  readonly parent: string | null;
  readonly createdAt: number;
}

/** Selects `UnitRow`s. */
export const SELECT_UNITS = `SELECT units.number, units.name, units.description, parents.name AS parent,
  units.created_at AS "createdAt" FROM units LEFT JOIN units AS parents ON parents.number = units.parent`;

/** The numbers of a unit, found by the condition on its name, and of all units below it, as the table `below`. */
export function unitsBelow(name: string): string {
  return `WITH RECURSIVE below (number) AS (
    SELECT number FROM units WHERE name = ${name}
    UNION SELECT units.number FROM units JOIN below ON units.parent = below.number)`;
}

/** The unit of a row with these members, by their numbers. */
export function unitOf(
  { name, description, parent, createdAt }: UnitRow,
  members: readonly number[],
): OrganisationUnit {
  return { name, description, parent: parent ?? undefined, members: members.map(userId), createdAt };
}

/** IDENTITY_UNIT_EXISTS. */
export function unitExists(name: string): MapwrightError {
  return new MapwrightError('IDENTITY_UNIT_EXISTS', `there is a unit "${name}" already`);
}

/** IDENTITY_UNIT_UNKNOWN. */
export function unitUnknown(name: string): MapwrightError {
  return new MapwrightError('IDENTITY_UNIT_UNKNOWN', `there is no unit "${name}"`, {
    hint: 'mapwright unit list shows those there are',
  });
}

/** IDENTITY_UNIT_CYCLE. */
export function unitCycle(name: string, parent: string): MapwrightError {
  return new MapwrightError('IDENTITY_UNIT_CYCLE', `"${parent}" is "${name}" itself or a part of it`, {
    hint: 'move the other one away first',
  });
}

/** IDENTITY_UNIT_HAS_PARTS. */
export function unitHasParts(name: string): MapwrightError {
  return new MapwrightError('IDENTITY_UNIT_HAS_PARTS', `other units are a part of "${name}"`, {
    hint: 'move or remove them first',
  });
}
