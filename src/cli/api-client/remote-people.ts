import type { Role } from '../../core/access.ts';
import type { Administration, UserEntry } from '../../runtime/administration.ts';
import { type Send, path } from './api-exchange.ts';
import { readList, readPages, sendChange } from './pages.ts';

type Users = Pick<
  Administration,
  'users' | 'addUser' | 'changeUser' | 'renewAccessKey' | 'setPassword' | 'tokens' | 'createToken' | 'revokeToken'
>;
type Groups = Pick<Administration, 'groups' | 'addGroup' | 'removeGroup' | 'addGroupMember' | 'removeGroupMember'>;
type Units = Pick<
  Administration,
  'units' | 'addUnit' | 'moveUnit' | 'removeUnit' | 'addUnitMember' | 'removeUnitMember'
>;
type Notes = Pick<Administration, 'notifications' | 'readNotifications' | 'audit'>;

/** A user as the API tells it. */
type RemoteUser = Omit<UserEntry, 'admin' | 'role'> & { readonly role: Role | 'none' };

/** Users of an install on another machine, and tokens. */
export function remoteUsers(send: Send): Users {
  return {
    users: async () => (await readList<RemoteUser>(send, '/users')).map(userEntry),
    async addUser({ admin, role, ...rest }) {
      const body = { ...rest, role: admin ? 'administrator' : (role ?? 'none') };
      const added = await send<{ user: RemoteUser; accessKey: string }>({ method: 'POST', path: '/users', body });
      return { ...added, user: userEntry(added.user) };
    },
    async changeUser({ name, admin, role, ...rest }) {
      const wanted = admin === true ? 'administrator' : (role ?? (admin === false ? 'none' : undefined));
      const body = { ...rest, ...(wanted === undefined ? {} : { role: wanted }) };
      return userEntry(await send<RemoteUser>({ method: 'PATCH', path: path`/users/${name}`, body }));
    },
    renewAccessKey: ({ name }) => send({ method: 'POST', path: path`/users/${name}/access-key` }),
    setPassword: ({ name, password }) =>
      send({ method: 'PUT', path: path`/users/${name}/password`, body: { password } }),
    tokens: () => readList(send, '/tokens'),
    createToken: ({ name, grants, expiresAt }) =>
      send({ method: 'POST', path: '/tokens', body: { name, grants, expiresAt } }),
    revokeToken: ({ name }) => send({ method: 'DELETE', path: path`/tokens/${name}` }),
  };
}

/** Groups there. */
export function remoteGroups(send: Send): Groups {
  return {
    groups: () => readList(send, '/groups'),
    addGroup: (body) => send({ method: 'POST', path: '/groups', body }),
    removeGroup: ({ name }) => send({ method: 'DELETE', path: path`/groups/${name}` }),
    addGroupMember: ({ group, user }) =>
      sendChange(send, { method: 'PUT', path: path`/groups/${group}/members/${user}` }),
    removeGroupMember: ({ group, user }) =>
      sendChange(send, { method: 'DELETE', path: path`/groups/${group}/members/${user}` }),
  };
}

/** Organisation units there. */
export function remoteUnits(send: Send): Units {
  return {
    units: () => readList(send, '/units'),
    addUnit: (body) => send({ method: 'POST', path: '/units', body }),
    moveUnit: ({ name, parent = null }) => send({ method: 'PATCH', path: path`/units/${name}`, body: { parent } }),
    removeUnit: ({ name }) => send({ method: 'DELETE', path: path`/units/${name}` }),
    addUnitMember: ({ unit, user }) => sendChange(send, { method: 'PUT', path: path`/units/${unit}/members/${user}` }),
    removeUnitMember: ({ unit, user }) =>
      sendChange(send, { method: 'DELETE', path: path`/units/${unit}/members/${user}` }),
  };
}

/** What people were told there, and what they did. */
export function remoteNotes(send: Send): Notes {
  return {
    notifications: ({ limit, before, ...query }) =>
      readPages(send, { path: '/notifications', query }, { limit, before }),
    readNotifications: ({ ids }) => send({ method: 'POST', path: '/notifications/read', body: { ids } }),
    audit: ({ limit, before, after, ...query }) => readPages(send, { path: '/audit', query }, { limit, before, after }),
  };
}

function userEntry({ role, ...user }: RemoteUser): UserEntry {
  const admin = role === 'administrator';
  return { ...user, admin, ...(role === 'operator' || role === 'viewer' ? { role } : {}) };
}
