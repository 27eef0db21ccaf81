import { memberOf } from '../../output-path.ts';
import { textOf } from './argument.ts';
import type { FunctionFamily } from './function.ts';

/** What the original tells of a user's role; there are no roles here. */
const OF_ROLES: ReadonlySet<string> = new Set(['parentrole', 'parentrolename', 'rolename', 'roleid']);

/** Functions about users and groups. */
export const PERSON_FUNCTIONS: FunctionFamily = {
  getCurrentUserName: ([form], { environment: { user } }) =>
    textOf(form).toLowerCase() === 'full' ? user.fullName.trim() : user.name.trim(),
  getCurrentUserField: ([name], { environment: { user } }) =>
    OF_ROLES.has(textOf(name).toLowerCase()) ? '' : (memberOf(user.fields, textOf(name)) ?? ''),
  getGroupID: async ([name], { environment, guard }) =>
    (await guard.waitFor(environment.services.people.groupIdByName(textOf(name)))) ?? '',
};
