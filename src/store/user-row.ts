import { MapwrightError } from '../core/error.ts';
import type { User, UserChanges, UserPreferences } from '../core/identity-store.ts';
import { USERS_PREFIX } from '../core/module.ts';
import { recordNumber, recordPrefix } from '../core/record.ts';

/** A user as the databases keep one. */
export interface UserRow {
  readonly number: number;
  readonly name: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly admin: number;
  /** Empty when there is none. */
  readonly role: string;
  readonly active: number;
  readonly createdAt: number;
  /** JSON. */
  readonly preferences: string;
}

/** The columns of a `UserRow`. */
export const USER_COLUMNS = `number, name, first_name AS "firstName", last_name AS "lastName", email, admin, role, active,
  created_at AS "createdAt", preferences`;

/** The number of a user's id (`19x1`); 0, which no user has, for any other text. */
export function userNumber(id: string): number {
  return recordPrefix(id) === USERS_PREFIX ? (recordNumber(id) ?? 0) : 0;
}

/** The id of the user with this number. */
export function userId(number: number): string {
  return `${USERS_PREFIX}x${number}`;
}

/** The user of a row. */
export function userOf({ number, admin, role, active, preferences, ...rest }: UserRow): User {
  const user = { id: userId(number), ...rest, admin: admin === 1, active: active === 1 };
  return { ...user, ...roleIn(role), ...said(JSON.parse(preferences)) };
}

/** The user with these changes. */
export function changedUser(before: User, { role, ...changes }: UserChanges): User {
  const { role: had, ...rest } = before;
  return {
    ...rest,
    ...roleIn(role ?? had ?? ''),
    ...changes,
    ...said({ ...before.preferences, ...changes.preferences }),
  };
}

/** A role as it stands in its column. */
export function storedRole(role: UserChanges['role']): string {
  return role === undefined || role === 'none' ? '' : role;
}

/** True for a user who can let others in again: one such is always left. */
export function governs(user: User): boolean {
  return user.admin && user.active;
}

/** What a user's access key is sealed for. */
export function accessKeyPurpose(number: number): string {
  return `access-key:${number}`;
}

/** IDENTITY_USER_EXISTS. */
export function userExists(name: string): MapwrightError {
  return new MapwrightError('IDENTITY_USER_EXISTS', `There is a user ${name} already.`);
}

/** IDENTITY_USER_UNKNOWN. */
export function userUnknown(id: string): MapwrightError {
  return new MapwrightError('IDENTITY_USER_UNKNOWN', `There is no user ${id}.`);
}

/** IDENTITY_LAST_ADMINISTRATOR. */
export function lastAdministrator(name: string): MapwrightError {
  return new MapwrightError('IDENTITY_LAST_ADMINISTRATOR', `${name} is the only active administrator.`, {
    hint: 'Make somebody else an administrator first: mapwright user set NAME --admin',
  });
}

function roleIn(role: string): Pick<User, 'role'> {
  return role === 'operator' || role === 'viewer' ? { role } : {};
}

function said(preferences: UserPreferences): Pick<User, 'preferences'> {
  return Object.keys(preferences).length === 0 ? {} : { preferences };
}
