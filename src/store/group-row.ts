import { MapwrightError } from '../core/error.ts';
import type { Group } from '../core/group.ts';
import { GROUPS_PREFIX } from '../core/module.ts';
import { recordNumber, recordPrefix } from '../core/record.ts';
import { userId } from './user-row.ts';

/** A group as the databases keep one. */
export interface GroupRow {
  readonly number: number;
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
}

/** The columns of a `GroupRow`. */
export const GROUP_COLUMNS = 'number, name, description, created_at AS "createdAt"';

/** The number of a group's id (`20x1`); 0, which no group has, for any other text. */
export function groupNumber(id: string): number {
  return recordPrefix(id) === GROUPS_PREFIX ? (recordNumber(id) ?? 0) : 0;
}

/** The group of a row with these members, by their numbers. */
export function groupOf({ number, ...rest }: GroupRow, members: readonly number[]): Group {
  return { id: `${GROUPS_PREFIX}x${number}`, ...rest, members: members.map(userId) };
}

/** IDENTITY_GROUP_EXISTS. */
export function groupExists(name: string): MapwrightError {
  return new MapwrightError('IDENTITY_GROUP_EXISTS', `There is a group ${name} already.`);
}

/** IDENTITY_GROUP_UNKNOWN. */
export function groupUnknown(id: string): MapwrightError {
  return new MapwrightError('IDENTITY_GROUP_UNKNOWN', `There is no group ${id}.`);
}
