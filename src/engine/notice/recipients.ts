import type { IdentityStore, User } from '../../core/identity-store.ts';
import type { Json } from '../../core/json.ts';
import { memberOf } from '../../expression/output-path.ts';
import type { RunState } from '../run-state.ts';
import { recordValuesOf } from '../scope.ts';

/** Where people, groups and organisation units are looked up. */
export type People = Pick<
  IdentityStore,
  'users' | 'userById' | 'userByName' | 'groupById' | 'groupByName' | 'unitPeople'
>;

/** One person to be told. */
export interface Recipient {
  readonly user: User;
  /** The name in the document that led to the person: `owner`, `group:Sales`. */
  readonly by: string;
  /** True for an administrator who is told because nobody was found under that name. */
  readonly isSubstitute: boolean;
}

/** The active users that these names mean, each once. Where a name means nobody, the administrators stand in. */
export async function findRecipients(state: RunState, to: readonly string[]): Promise<Recipient[]> {
  const { recipients, lost } = await findPeople(state, to);
  const [by] = lost;
  if (by === undefined) return [...recipients.values()];
  const names = lost.join(', ');
  for (const user of await state.engine.people.users()) {
    if (!user.admin || !user.active || recipients.has(user.id)) continue;
    recipients.set(user.id, { user, by: names, isSubstitute: true });
  }
  return [...recipients.values()];
}

/** The active users that these names mean, by their ids, each once; `lost` are the names that mean nobody. */
export async function findPeople(
  state: RunState,
  names: readonly string[],
): Promise<{ readonly recipients: Map<string, Recipient>; readonly lost: readonly string[] }> {
  const recipients = new Map<string, Recipient>();
  const lost: string[] = [];
  for (const by of names) {
    const users = (await usersOf(state, by)).filter((user) => user.active);
    if (users.length === 0) lost.push(by);
    for (const user of users) if (!recipients.has(user.id)) recipients.set(user.id, { user, by, isSubstitute: false });
  }
  return { recipients, lost };
}

async function usersOf(state: RunState, name: string): Promise<User[]> {
  const { people, journal } = state.engine;
  const { id, initiator } = state.lease.run;
  const [kind, ...rest] = name.split(':');
  const named = rest.join(':');
  switch (kind) {
    case 'initiator':
      return whoIs(people, initiator);
    case 'current-user': {
      const actor = await journal.lastActor(id);
      const found = actor === undefined ? [] : await whoIs(people, actor);
      return found.length > 0 ? found : whoIs(people, initiator);
    }
    case 'owner':
      return ownersOf(state);
    case 'user':
      return whoIs(people, named);
    case 'group':
      return membersOf(people, await people.groupByName(named));
    case 'unit':
      return membersOf(people, { members: (await people.unitPeople(named)) ?? [] });
    default:
      return namedByContext(state, named);
  }
}

async function ownersOf(state: RunState): Promise<User[]> {
  const field = state.workflow.module?.fields.find((candidate) => candidate.type === 'owner');
  const owner = field === undefined ? null : (recordValuesOf(state)[field.name] ?? null);
  return typeof owner === 'string' ? whoIs(state.engine.people, owner) : [];
}

async function namedByContext(state: RunState, path: string): Promise<User[]> {
  let value: Json | undefined = state.context;
  for (const name of path.split('.')) value = value === undefined ? undefined : memberOf(value, name);
  const users: User[] = [];
  for (const name of Array.isArray(value) ? value : [value]) {
    if (typeof name === 'string') users.push(...(await whoIs(state.engine.people, name)));
  }
  return users;
}

/** The user, or the members of the group, with this id or name. */
async function whoIs(people: People, name: string): Promise<User[]> {
  const user = (await people.userById(name)) ?? (await people.userByName(name));
  if (user !== undefined) return [user];
  return membersOf(people, (await people.groupById(name)) ?? (await people.groupByName(name)));
}

async function membersOf(people: People, group: { readonly members: readonly string[] } | undefined): Promise<User[]> {
  const users: User[] = [];
  for (const id of group?.members ?? []) {
    const user = await people.userById(id);
    if (user !== undefined) users.push(user);
  }
  return users;
}
