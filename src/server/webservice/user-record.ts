import { USERS_PREFIX } from '../../core/module.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import type { User } from '../../core/identity-store.ts';
import { USERS_MODULE } from '../../crm/reference.ts';
import type { WireRecord } from '../../crm/wire.ts';

/** Users as a module: what clients may learn of them. Nothing of it can be written through the web service. */
export const USERS: ModuleDefinition = {
  name: USERS_MODULE,
  label: 'Users',
  prefix: USERS_PREFIX,
  title: 'user_name',
  fields: [
    { name: 'user_name', label: 'User Name', type: 'string', mandatory: true, readOnly: true },
    { name: 'is_admin', label: 'Admin', type: 'string', mandatory: false, readOnly: true },
    { name: 'status', label: 'Status', type: 'string', mandatory: false, readOnly: true },
  ],
};

/** A user as a record on the wire. */
export function toWireUser(user: User): WireRecord {
  return {
    user_name: user.name,
    is_admin: user.admin ? 'on' : 'off',
    status: user.active ? 'Active' : 'Inactive',
    id: user.id,
  };
}
