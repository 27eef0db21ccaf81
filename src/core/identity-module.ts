import type { Group } from './group.ts';
import type { User } from './identity-store.ts';
import { GROUPS_PREFIX, USERS_PREFIX } from './module.ts';
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
  return {
    user_name: user.name,
    first_name: user.firstName || null,
    last_name: user.lastName || null,
    email1: user.email || null,
    is_admin: user.admin ? 'on' : 'off',
    status: user.active ? 'Active' : 'Inactive',
  };
}

/** The fields of a group. */
export function groupValues(group: Group): RecordValues {
  return { groupname: group.name, description: group.description || null };
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
