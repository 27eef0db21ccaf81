import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { MapwrightError } from '../core/error.ts';
import type { Group } from '../core/group.ts';
import { GROUPS } from '../core/identity-module.ts';
import type { IdentityStore, User } from '../core/identity-store.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { QueryCondition } from '../core/query.ts';
import type { RecordStore } from '../core/record-store.ts';
import { didYouMean } from '../core/suggestion.ts';
import { checkFieldValue } from '../crm/field-value.ts';
import { createAccessKey } from './access-key.ts';
import { checkName } from './checked-name.ts';
import type { GroupEntry, PeopleAdministration, UnitAdministration, UserDetails } from './people-administration.ts';
import { unitCommands } from './unit-commands.ts';
import { userNamed } from './user-named.ts';
import { checkPreferences } from './user-preference.ts';

/** What the administration of users and groups works on. */
export interface PeopleParts {
  readonly identities: IdentityStore;
  readonly records: Pick<RecordStore, 'count'>;
  readonly modules: () => ReadonlyMap<string, ModuleDefinition>;
  readonly clock: Clock;
}

/** What an administrator can do about users and groups. */
export function peopleCommands(parts: PeopleParts): PeopleAdministration {
  return { ...userCommands(parts), ...groupCommands(parts), ...unitCommands(parts) };
}

type UserCommands = Pick<PeopleAdministration, 'users' | 'addUser' | 'changeUser' | 'renewAccessKey'>;

function userCommands({ identities, clock }: PeopleParts): UserCommands {
  return {
    users: () => identities.users(),
    async addUser({ name, admin, ...details }) {
      checkName('user', name);
      checkEmail(details);
      checkPreferences(details.preferences ?? {});
      const accessKey = createAccessKey(randomBytes);
      return { user: await identities.addUser({ name, admin, accessKey, at: clock.now(), ...details }), accessKey };
    },
    async changeUser({ name, ...changes }) {
      checkEmail(changes);
      checkPreferences(changes.preferences ?? {});
      return identities.changeUser((await userNamed(identities, name)).id, changes);
    },
    async renewAccessKey({ name }) {
      const { id } = await userNamed(identities, name);
      const accessKey = createAccessKey(randomBytes);
      await identities.setAccessKey(id, accessKey);
      return { accessKey };
    },
  };
}

function groupCommands(parts: PeopleParts): Omit<PeopleAdministration, keyof UserCommands | keyof UnitAdministration> {
  const { identities, clock } = parts;
  const both = async (params: { readonly group: string; readonly user: string }) => ({
    group: (await groupNamed(identities, params.group)).id,
    user: (await userNamed(identities, params.user)).id,
  });
  return {
    async groups() {
      const users = await identities.users();
      return (await identities.groups()).map((group) => groupEntry(group, users));
    },
    async addGroup({ name, description }) {
      checkName('group', name);
      return groupEntry(await identities.addGroup({ name, description, at: clock.now() }), []);
    },
    async removeGroup({ name }) {
      const { id } = await groupNamed(identities, name);
      await requireNoRecords(parts, id, name);
      await identities.removeGroup(id);
    },
    addGroupMember: async (params) => identities.addMember(await both(params)),
    removeGroupMember: async (params) => identities.removeMember(await both(params)),
  };
}

function groupEntry({ id, name, description, members }: Group, users: readonly User[]): GroupEntry {
  const nameOf = (member: string) => users.find((user) => user.id === member)?.name ?? member;
  return { id, name, description, members: members.map(nameOf) };
}

/** An empty address takes the one there was away. */
function checkEmail({ email }: UserDetails): void {
  if (email === undefined || email === '') return;
  const field = { name: 'email', label: 'E-mail', type: 'email', mandatory: false, readOnly: false } as const;
  const problem = checkFieldValue(field, email);
  if (problem === undefined) return;
  throw new MapwrightError('USER_EMAIL_INVALID', `the address ${problem}`, { hint: 'such as anna@example.com' });
}

async function groupNamed(identities: IdentityStore, name: string): Promise<Group> {
  const group = await identities.groupByName(name);
  if (group !== undefined) return group;
  const names = (await identities.groups()).map((one) => one.name);
  throw new MapwrightError('GROUP_UNKNOWN', `there is no group "${name}"`, {
    hint: didYouMean(name, names) ?? 'mapwright group list shows those there are',
  });
}

/** Rejects with GROUP_OWNS_RECORDS: records whose owner is gone would be nobody's. */
async function requireNoRecords({ records, modules }: PeopleParts, id: string, name: string): Promise<void> {
  for (const module of modules().values()) {
    const owners = module.fields.filter(
      ({ type, references }) => type === 'owner' || references?.includes(GROUPS.name) === true,
    );
    if (owners.length === 0) continue;
    const parts = owners.map(({ name: field }): QueryCondition => {
      return { kind: 'compare', field, operator: '=', value: id };
    });
    const where: QueryCondition = { kind: 'or', parts };
    const query = { module: module.name, select: 'count', where, order: [], offset: 0, limit: 1 } as const;
    const count = await records.count(module, query);
    if (count === 0) continue;
    const condition = owners.map((field) => `${field.name} = '${id}'`).join(' or ');
    throw new MapwrightError('GROUP_OWNS_RECORDS', `${count} records of ${module.name} belong to the group "${name}"`, {
      hint: `give them another owner first; this finds them: select id from ${module.name} where ${condition};`,
    });
  }
}
