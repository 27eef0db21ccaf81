import type { User } from './identity-store.ts';

/** What may be done over the API, in parts that a token can be given one by one. */
export const SCOPES = {
  'status:read': 'see what the install is and how it does',
  'documents:read': 'see documents and revisions, check and plan',
  'documents:write': 'apply documents, try what is not applied',
  'maps:try': 'call maps in force by hand',
  'runs:read': 'see runs and what happens to them',
  'runs:write': 'start workflows, retry and cancel runs',
  'inbox:read': 'see runs that need a person',
  'inbox:write': 'do something about runs that need a person',
  'schedules:read': 'see schedules',
  'schedules:write': 'pause, resume and fire schedules',
  'destinations:read': 'see whom runs call, and who is down',
  'destinations:write': 'hold calls back and let them go',
  'records:read': 'read records',
  'records:write': 'create and change records',
  'settings:read': 'see settings',
  'settings:write': 'set and remove settings',
  'secrets:read': 'see the names of secrets, never their values',
  'secrets:write': 'set and remove secrets',
  'credentials:read': 'see credentials, and who is connected, never tokens',
  'credentials:connect': 'connect oneself to credentials, and disconnect',
  'credentials:write': 'connect and disconnect others and what all share, test credentials',
  'users:read': 'see users, groups and units',
  'users:write': 'change users, groups and units',
  'notifications:read': 'see what runs told people',
  'notifications:write': 'mark notifications as read',
  'imports:write': 'take records and users of other installs, and give records to them',
  'tokens:read': 'see which tokens there are',
  'tokens:write': 'make and revoke tokens',
  'audit:read': 'see who changed what',
  'backups:write': 'have backups written on the machine of the install',
} as const;

/** One of the parts. */
export type Scope = keyof typeof SCOPES;

/** All scopes, in the order of the table. */
export const ALL_SCOPES: readonly Scope[] = Object.keys(SCOPES).filter(isScope);

/** True for the name of a scope. */
export function isScope(name: string): name is Scope {
  return Object.hasOwn(SCOPES, name);
}

/** administrator: everything; operator: sees, and does what keeps runs going; viewer: sees. */
export type Role = 'administrator' | 'operator' | 'viewer';

const VIEWER: readonly Scope[] = [
  'status:read',
  'documents:read',
  'runs:read',
  'inbox:read',
  'schedules:read',
  'destinations:read',
  'records:read',
  'settings:read',
  'notifications:read',
  'credentials:read',
  'credentials:connect',
];

const OPERATOR: readonly Scope[] = [
  ...VIEWER,
  'maps:try',
  'runs:write',
  'inbox:write',
  'schedules:write',
  'destinations:write',
  'notifications:write',
  'secrets:read',
  'users:read',
  'tokens:read',
  'audit:read',
];

/** What each role may do. */
export const ROLE_SCOPES: Readonly<Record<Role, readonly Scope[]>> = {
  administrator: ALL_SCOPES,
  operator: OPERATOR,
  viewer: VIEWER,
};

/** Mightiest first. */
export const ROLES: readonly Role[] = ['administrator', 'operator', 'viewer'];

/** True for the name of a role. */
function isRole(name: string): name is Role {
  return Object.hasOwn(ROLE_SCOPES, name);
}

/** The user's role; undefined for one who uses the web service alone. */
export function roleOf(user: Pick<User, 'admin' | 'role'>): Role | undefined {
  return user.admin ? 'administrator' : user.role;
}

/** The scopes that a list of roles and scopes comes to, without doubles; undefined when a name is neither. */
export function scopesOf(grants: readonly string[]): readonly Scope[] | undefined {
  const scopes = new Set<Scope>();
  for (const grant of grants) {
    if (isRole(grant)) for (const scope of ROLE_SCOPES[grant]) scopes.add(scope);
    else if (isScope(grant)) scopes.add(grant);
    else return undefined;
  }
  return ALL_SCOPES.filter((scope) => scopes.has(scope));
}

/** Whoever gives a command, as far as the install needs to know. */
export interface Caller {
  /** user: logged in; token: a program with an API token; local: somebody at the machine of the install. */
  readonly kind: 'user' | 'token' | 'local';
  /** Name of the user, the token, or the account of the operating system. */
  readonly name: string;
  /** User id (`19x1`); only of a user. */
  readonly user?: string;
  readonly scopes: ReadonlySet<Scope>;
  /** The address that the command came from; `local` from the machine itself. */
  readonly from: string;
}

/** Somebody at the machine of the install, who can read its files anyway. */
export function localCaller(name: string): Caller {
  return { kind: 'local', name, scopes: new Set(ALL_SCOPES), from: 'local' };
}

/** How the caller is named where what was done is told: no user can have the name of a token. */
export function callerName({ kind, name }: Caller): string {
  return kind === 'token' ? `token:${name}` : name;
}
