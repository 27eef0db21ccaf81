import { type Caller, type Role, type Scope, roleOf, scopesOf } from '../../core/access.ts';
import type { Administration, UserEntry } from '../../runtime/administration.ts';
import { ApiRefusal } from './problem.ts';

/** Throws API_GRANT_EXCEEDED when somebody would give what they do not have themselves. */
export function requireMayGrant(caller: Caller, grants: readonly (Role | Scope)[]): void {
  const missing = (scopesOf(grants) ?? []).find((scope) => !caller.scopes.has(scope));
  if (missing === undefined) return;
  throw new ApiRefusal(403, 'API_GRANT_EXCEEDED', `${caller.name} may not give ${missing}, which is not theirs`, {
    hint: 'an administrator can',
  });
}

/** What the web service lets everybody do who has an access key, whatever the role. */
const OF_ANY_KEY: readonly Scope[] = ['records:read', 'records:write'];

/** Throws API_GRANT_EXCEEDED when an access key would let somebody at more than they may get at. */
export function requireMayGiveKey(caller: Caller): void {
  requireMayGrant(caller, OF_ANY_KEY);
}

/**
 * Throws API_GRANT_EXCEEDED when people that are taken from another install would be administrators here, or are
 * changed although they may do more than the caller.
 */
export async function requireMayTake(
  caller: Caller,
  administration: Administration,
  params: Parameters<Administration['importPeople']>[0],
): Promise<void> {
  if (params.mode !== 'create') return;
  const outcomes = await administration.importPeople({ ...params, mode: 'plan' });
  const here = new Map((await administration.users()).map((user) => [user.name, user]));
  for (const [index, { admin }] of params.users.entries()) {
    const { outcome, name = '' } = outcomes[index] ?? {};
    if (outcome === 'created' && admin) requireMayGrant(caller, ['administrator']);
    const user = outcome === 'changed' ? here.get(name) : undefined;
    const role = user && roleOf(user);
    if (role !== undefined) requireMayGrant(caller, [role]);
  }
}

/**
 * Throws API_GRANT_EXCEEDED when somebody would become, or get hold of, a user who may do more than they may: an
 * administrator's key opens the web service whole.
 */
export async function requireMayGovern(
  caller: Caller,
  administration: Administration,
  name: string,
): Promise<UserEntry | undefined> {
  const user = (await administration.users()).find((one) => one.name === name);
  const role = user && roleOf(user);
  if (role !== undefined) requireMayGrant(caller, [role]);
  return user;
}
