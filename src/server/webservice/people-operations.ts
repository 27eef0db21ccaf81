import { groupImage, GROUPS, IDENTITY_MODULES, userImage, USERS } from '../../core/identity-module.ts';
import { personName } from '../../core/identity-store.ts';
import type { User } from '../../core/identity-store.ts';
import { GROUPS_PREFIX, USERS_PREFIX } from '../../core/module.ts';
import { recordPrefix } from '../../core/record.ts';
import type { RecordId } from '../../core/record.ts';
import { accessDenied, idInvalid } from '../../crm/record-error.ts';
import { toWireRecord } from '../../crm/wire.ts';
import type { OperationParts, SessionCall } from './operation.ts';
import type { OperationAnswer } from './protocol-answer.ts';

/**
 * A user or group as `retrieve` answers; undefined for the id of anything else. A user is shown to itself and to
 * administrators, a group to everybody. Rejects with ACCESS_DENIED or INVALID_ID_ATTRIBUTE.
 */
export async function retrievePerson(
  parts: OperationParts,
  asking: User,
  id: RecordId,
): Promise<OperationAnswer | undefined> {
  const prefix = recordPrefix(id);
  if (prefix === USERS_PREFIX) {
    if (!asking.admin && asking.id !== id) throw accessDenied();
    const user = await parts.identities.userById(id);
    if (user === undefined) throw idInvalid();
    return { result: toWireRecord(USERS, userImage(user)) };
  }
  if (prefix !== GROUPS_PREFIX) return undefined;
  const group = await parts.identities.groupById(id);
  if (group === undefined) throw idInvalid();
  return { result: toWireRecord(GROUPS, groupImage(group)) };
}

/** `getAllUsers()`: the names of all users under their ids, inactive ones included, as records may still name them. */
export async function getAllUsers(parts: OperationParts): Promise<OperationAnswer> {
  const users = await parts.identities.users();
  return { result: Object.fromEntries(users.map((user) => [user.id, personName(user)])) };
}

/** `getAssignedUserList(module)`: who may own records of a module. The list is a JSON text, as in the original. */
export async function getAssignedUserList(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const users = isModule(parts, call) ? await parts.identities.users() : [];
  const active = users.filter((user) => user.active);
  return { result: JSON.stringify(active.map((user) => ({ userid: user.id, username: personName(user) }))) };
}

/** `getAssignedGroupList(module)`: which groups may own records of a module. The list is a JSON text too. */
export async function getAssignedGroupList(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const groups = isModule(parts, call) ? await parts.identities.groups() : [];
  return { result: JSON.stringify(groups.map(({ id, name }) => ({ groupid: id, groupname: name }))) };
}

/** The original answers an empty list for a module it does not know. */
function isModule(parts: OperationParts, call: SessionCall): boolean {
  const name = call.parameters.text('module') ?? '';
  return IDENTITY_MODULES.has(name) || parts.modules().has(name);
}
