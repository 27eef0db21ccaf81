import { MapwrightError } from '../../core/error.ts';
import type { GroupEntry, UserDetails, UserEntry } from '../people-administration.ts';
import type { PeopleImport, PersonOutcome, RemoteGroup, RemoteUser } from './import-administration.ts';
import type { ImportParts } from './import-parts.ts';

type Identity = readonly [remote: string, local: string];

/** Takes users and groups, known by their names; see `ImportAdministration.importPeople`. */
export async function importPeople(
  parts: Pick<ImportParts, 'people' | 'imports'>,
  { source, users: remoteUsers, groups: remoteGroups, mode }: PeopleImport,
): Promise<readonly PersonOutcome[]> {
  const { people, imports } = parts;
  const users = remoteUsers.map((user) => ({ ...user, name: nameHere(user.name) }));
  const groups = remoteGroups.map(({ members, ...group }) => ({
    ...group,
    name: nameHere(group.name),
    members: members?.map(nameHere),
  }));
  const outcomes: PersonOutcome[] = [];
  const identities: Identity[] = [];
  const usersHere = new Map((await people.users()).map((user) => [user.name, user]));
  const seen = new Set<string>();
  for (const user of users) {
    if (isAgain(seen, `user ${user.name}`)) {
      outcomes.push(namesake('user', user.name));
      continue;
    }
    const done = await tried('user', user.name, () => takeUser(parts, { user, here: usersHere.get(user.name), mode }));
    outcomes.push(done.outcome);
    if (done.local !== undefined) identities.push([user.id, done.local]);
  }
  const groupsHere = new Map((await people.groups()).map((group) => [group.name, group]));
  for (const group of groups) {
    if (isAgain(seen, `group ${group.name}`)) {
      outcomes.push(namesake('group', group.name));
      continue;
    }
    const done = await tried('group', group.name, () =>
      takeGroup(parts, { group, here: groupsHere.get(group.name), mode }),
    );
    outcomes.push(done.outcome);
    if (done.local !== undefined) identities.push([group.id, done.local]);
  }
  if (mode !== 'plan') await imports.save({ source, identities });
  const names = [...remoteUsers, ...remoteGroups].map(({ name }) => name);
  return outcomes.map((outcome, index) => {
    const there = names[index] ?? outcome.name;
    return there === outcome.name ? outcome : { reason: `there ${there}`, ...outcome };
  });
}

/** `Support Group` is `Support-Group` here: documents name users and groups, so their names have no blanks. */
function nameHere(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9._-]+/gu, '-');
  const trimmed = plain.replaceAll(/^-+|-+$/gu, '');
  return /^[A-Za-z]/u.test(trimmed) ? trimmed : `u-${trimmed}`;
}

function isAgain(seen: Set<string>, key: string): boolean {
  const isSeen = seen.has(key);
  seen.add(key);
  return isSeen;
}

/** Two people who would be called alike here are not made one. */
function namesake(kind: PersonOutcome['kind'], name: string): PersonOutcome {
  const reason = `NAME_INVALID another ${kind} there would be called ${name} here too; rename one there`;
  return { kind, name, outcome: 'refused', reason };
}

interface Taken {
  readonly outcome: Exclude<PersonOutcome['outcome'], 'refused'>;
  /** The id here. */
  readonly local: string | undefined;
}

async function tried(
  kind: PersonOutcome['kind'],
  name: string,
  work: () => Promise<Taken>,
): Promise<{ readonly outcome: PersonOutcome; readonly local: string | undefined }> {
  try {
    const { outcome, local } = await work();
    return { outcome: { kind, name, outcome }, local };
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError) || thrown.code.startsWith('STORE_')) throw thrown;
    const reason = `${thrown.code} ${thrown.message}`;
    return { outcome: { kind, name, outcome: 'refused', reason }, local: undefined };
  }
}

async function takeUser(
  { people }: Pick<ImportParts, 'people'>,
  {
    user,
    here,
    mode,
  }: { readonly user: RemoteUser; readonly here: UserEntry | undefined; readonly mode: PeopleImport['mode'] },
): Promise<Taken> {
  const { name, admin, active } = user;
  const details = detailsOf(user);
  if (here === undefined) {
    if (mode === 'match') return { outcome: 'unknown', local: undefined };
    if (mode === 'plan') return { outcome: 'created', local: undefined };
    // Its key is told to nobody: it logs in when an administrator gives it one.
    const added = await people.addUser({ name, admin, ...details });
    if (!active) await people.changeUser({ name, active });
    return { outcome: 'created', local: added.user.id };
  }
  // Rights that somebody has here are nothing that another install takes away or gives.
  const changes = differing(here, { ...details, ...(active ? {} : { active }) });
  if (mode === 'match' || changes === undefined) return { outcome: 'unchanged', local: here.id };
  if (mode === 'create') await people.changeUser({ name, ...changes });
  return { outcome: 'changed', local: here.id };
}

function detailsOf({ firstName, lastName, email, preferences }: RemoteUser): UserDetails {
  // What nobody said there takes nothing away here.
  return {
    ...(firstName === undefined || firstName === '' ? {} : { firstName }),
    ...(lastName === undefined || lastName === '' ? {} : { lastName }),
    ...(email === undefined || email === '' ? {} : { email }),
    ...(preferences === undefined ? {} : { preferences }),
  };
}

function differing(
  here: UserEntry,
  { preferences, ...plain }: UserDetails & { readonly active?: boolean },
): (UserDetails & { readonly active?: boolean }) | undefined {
  const own: Readonly<Record<string, unknown>> = { ...here };
  const fields = Object.entries(plain).filter(([name, value]) => own[name] !== value);
  const known: Readonly<Record<string, unknown>> = { ...here.preferences };
  const said = Object.entries(preferences ?? {}).filter(([name, value]) => known[name] !== value);
  if (fields.length === 0 && said.length === 0) return undefined;
  return { ...Object.fromEntries(fields), ...(said.length === 0 ? {} : { preferences: Object.fromEntries(said) }) };
}

async function takeGroup(
  { people }: Pick<ImportParts, 'people'>,
  {
    group,
    here,
    mode,
  }: { readonly group: RemoteGroup; readonly here: GroupEntry | undefined; readonly mode: PeopleImport['mode'] },
): Promise<Taken> {
  const { name, description, members = [] } = group;
  if (here === undefined && mode === 'match') return { outcome: 'unknown', local: undefined };
  if (here === undefined && mode === 'plan') return { outcome: 'created', local: undefined };
  const entry = here ?? (await people.addGroup({ name, description }));
  const names = new Set(mode === 'match' ? [] : (await people.users()).map((user) => user.name));
  const missing = members.filter((member) => names.has(member) && !entry.members.includes(member));
  if (mode === 'create') for (const user of missing) await people.addGroupMember({ group: name, user });
  const changed = missing.length > 0 ? 'changed' : 'unchanged';
  return { outcome: here === undefined ? 'created' : changed, local: entry.id };
}
