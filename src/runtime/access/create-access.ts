import { randomBytes } from 'node:crypto';
import type { AccessStore } from '../../core/access-store.ts';
import { type Caller, ROLE_SCOPES, roleOf, scopesOf } from '../../core/access.ts';
import type { AuditStore } from '../../core/audit.ts';
import type { Clock } from '../../core/clock.ts';
import type { IdentityStore, User } from '../../core/identity-store.ts';
import type { Sealer } from '../../core/secret-store.ts';
import { type Access, LOGIN_IDLE_MS, LOGIN_LONGEST_MS } from './access.ts';
import { isPassword } from './password.ts';
import { isTokenSecret } from './token-secret.ts';

interface Parts {
  readonly access: AccessStore;
  readonly audit: AuditStore;
  readonly identities: IdentityStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** True when no other process works on the install: what was under way when this one started was lost. */
  readonly isAlone: boolean;
}

/** A use is written down when the last one noted is so old: not with each request. */
const NOTE_EVERY_MS = 60_000;

/** A request that has not been answered after this long died with its process. */
const REQUEST_LOST_MS = 15 * 60_000;

/** Lets people and programs into an install. */
export function createAccess(parts: Parts): Access {
  const { access, identities, clock, sealer, isAlone } = parts;
  const startedAt = clock.now();
  return {
    logIn: (params) => logIn(parts, params),
    callerOfLogin: (name, from) => callerOfLogin(parts, name, from),
    logOut: async (name) => void (await access.closeLogin(name)),
    callerOfToken: (secret, from) => callerOfToken(parts, secret, from),
    async isPasswordOf(name, password) {
      const user = await identities.userByName(name);
      return isPassword(user && (await access.passwordHash(user.id)), password);
    },
    async beginOnce(request) {
      const at = clock.now();
      const lostBefore = isAlone ? startedAt : at - REQUEST_LOST_MS;
      const state = await access.beginOnce({ ...request, at, lostBefore });
      return state.kind === 'answered' ? { ...state, answer: sealer.open(state.answer) } : state;
    },
    endOnce: ({ answer, ...rest }) =>
      access.endOnce({ ...rest, answer: answer === undefined ? undefined : sealer.seal(answer) }),
  };
}

async function logIn(parts: Parts, params: Parameters<Access['logIn']>[0]): ReturnType<Access['logIn']> {
  const { name, password, from } = params;
  const { access, identities, clock, audit } = parts;
  const user = await identities.userByName(name);
  const hashed = user && (await access.passwordHash(user.id));
  const isRight = await isPassword(hashed, password);
  const caller = user !== undefined && isRight ? callerOfUser(user, from) : undefined;
  const at = clock.now();
  // The name as it was typed may be a password in the wrong field: only that of a user is kept.
  const by = user?.name ?? 'unknown';
  const id = await audit.begin({ at, by, kind: 'user', from, action: 'logIn', target: user?.name ?? '', detail: {} });
  const login = caller && user && (await openedLogin(access, { user: user.id, hashed, at }));
  if (caller === undefined || login === undefined) {
    await audit.end({ id, outcome: 'refused', code: 'API_LOGIN_REFUSED' });
    return undefined;
  }
  await audit.end({ id, outcome: 'done' });
  return { name: login, caller };
}

/** Undefined when the password was changed while it was compared: that ended the logins there were, and not this one. */
async function openedLogin(
  access: AccessStore,
  { user, hashed, at }: { readonly user: string; readonly hashed: string | undefined; readonly at: number },
): Promise<string | undefined> {
  const login = randomBytes(32).toString('base64url');
  await access.openLogin({ name: login, user, at });
  if ((await access.passwordHash(user)) === hashed) return login;
  await access.closeLogin(login);
  return undefined;
}

async function callerOfLogin(parts: Parts, name: string, from: string): Promise<Caller | undefined> {
  const { access, identities, clock } = parts;
  const login = await access.login(name);
  const now = clock.now();
  if (login === undefined) return undefined;
  if (now - login.usedAt >= LOGIN_IDLE_MS || now - login.openedAt >= LOGIN_LONGEST_MS) return undefined;
  const user = await identities.userById(login.user);
  if (user === undefined) return undefined;
  if (now - login.usedAt >= NOTE_EVERY_MS) await access.touchLogin(name, now);
  return callerOfUser(user, from);
}

function callerOfUser(user: User, from: string): Caller | undefined {
  const role = roleOf(user);
  if (!user.active || role === undefined) return undefined;
  return { kind: 'user', name: user.name, user: user.id, scopes: new Set(ROLE_SCOPES[role]), from };
}

async function callerOfToken({ access, clock }: Parts, secret: string, from: string): Promise<Caller | undefined> {
  if (!isTokenSecret(secret)) return undefined;
  const token = await access.tokenOf(secret);
  const now = clock.now();
  if (token === undefined || token.revokedAt !== undefined) return undefined;
  if (token.expiresAt !== undefined && token.expiresAt <= now) return undefined;
  if (now - (token.usedAt ?? 0) >= NOTE_EVERY_MS || token.usedFrom !== from) {
    await access.noteTokenUse({ name: token.name, at: now, from });
  }
  return { kind: 'token', name: token.name, scopes: new Set(scopesOf(token.grants) ?? []), from };
}
