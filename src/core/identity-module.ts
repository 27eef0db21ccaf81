import type { Group } from './group.ts';
import type { User } from './identity-store.ts';
import { CHOICE_SEPARATOR, GROUPS_PREFIX, USERS_PREFIX } from './module.ts';
import type { FieldDefinition, ModuleDefinition } from './module.ts';
import type { RecordImage, RecordValues } from './record.ts';

/** Users as a module: what can be learnt of them by queries. They are changed by administration only. */
export const USERS: ModuleDefinition = {
  name: 'Users',
  label: 'Users',
  prefix: USERS_PREFIX,
  title: 'user_name',
  fields: [
    { ...shown('user_name', 'User Name'), mandatory: true },
    shown('first_name', 'First Name'),
    shown('last_name', 'Last Name'),
    { ...shown('email1', 'Email'), type: 'email' },
    shown('is_admin', 'Admin'),
    { ...shown('status', 'Status'), type: 'picklist', options: ['Active', 'Inactive'] },
    // How the user sees dates and numbers, under the names of the original; empty where nothing was said.
    shown('date_format', 'Date Format'),
    shown('hour_format', 'Hour Format'),
    shown('time_zone', 'Time Zone'),
    shown('currency_decimal_separator', 'Decimal Separator'),
    shown('currency_grouping_separator', 'Digit Grouping Separator'),
    shown('no_of_currency_decimals', 'Number Of Currency Decimals'),
    shown('language', 'Language'),
  ],
};

/** Groups as a module. */
export const GROUPS: ModuleDefinition = {
  name: 'Groups',
  label: 'Groups',
  prefix: GROUPS_PREFIX,
  title: 'groupname',
  fields: [
    { ...shown('groupname', 'Group Name'), mandatory: true },
    { ...shown('description', 'Description'), type: 'text' },
    // Ids of users.
    { ...shown('members', 'Members'), type: 'text' },
  ],
};

/** The modules that every install has, by their names. */
export const IDENTITY_MODULES: ReadonlyMap<string, ModuleDefinition> = new Map([
  [USERS.name, USERS],
  [GROUPS.name, GROUPS],
]);

/** True for Users and Groups, whose records have neither times nor versions. */
export function isIdentityModule(module: ModuleDefinition): boolean {
  return IDENTITY_MODULES.has(module.name);
}

/** The fields of a user; nothing is null, as with records. */
export function userValues(user: User): RecordValues {
  const { dateFormat, hourFormat, timeZone, decimalSeparator, groupingSeparator, decimals, language } =
    user.preferences ?? {};
  return {
    user_name: user.name,
    first_name: user.firstName || null,
    last_name: user.lastName || null,
    email1: user.email || null,
    is_admin: user.admin ? 'on' : 'off',
    status: user.active ? 'Active' : 'Inactive',
    date_format: dateFormat ?? null,
    hour_format: hourFormat ?? null,
    time_zone: timeZone ?? null,
    currency_decimal_separator: decimalSeparator ?? null,
    currency_grouping_separator: groupingSeparator ?? null,
    no_of_currency_decimals: decimals === undefined ? null : String(decimals),
    language: language ?? null,
  };
}

/** The fields of a group. */
export function groupValues(group: Group): RecordValues {
  const { name, description, members } = group;
  return { groupname: name, description: description || null, members: members.join(CHOICE_SEPARATOR) || null };
}

/** A user as what a query finds. */
export function userImage(user: User): RecordImage {
  return imageOf(USERS, user, userValues(user));
}

/** A group as what a query finds. */
export function groupImage(group: Group): RecordImage {
  return imageOf(GROUPS, group, groupValues(group));
}

function imageOf(module: ModuleDefinition, who: User | Group, values: RecordValues): RecordImage {
  const { id, createdAt } = who;
  return {
    id,
    module: module.name,
    version: 1,
    values,
    createdAt,
    modifiedAt: createdAt,
    createdBy: id,
    modifiedBy: id,
  };
}

function shown(name: string, label: string): FieldDefinition {
  return { name, label, type: 'string', mandatory: false, readOnly: true };
}
