import type { AccessStore } from '../../core/access-store.ts';
import { ALL_SCOPES, ROLES, scopesOf } from '../../core/access.ts';
import type { AuditStore } from '../../core/audit.ts';
import type { Clock } from '../../core/clock.ts';
import { MapwrightError } from '../../core/error.ts';
import type { IdentityStore } from '../../core/identity-store.ts';
import { didYouMean } from '../../core/suggestion.ts';
import { checkName } from '../checked-name.ts';
import { userNamed } from '../user-named.ts';
import type { AccessAdministration } from './access-administration.ts';
import { checkPassword, hashPassword } from './password.ts';
import { createTokenSecret } from './token-secret.ts';

interface Parts {
  readonly access: AccessStore;
  readonly audit: AuditStore;
  readonly identities: IdentityStore;
  readonly clock: Clock;
}

/** What an administrator can do about passwords, tokens and the audit. */
export function accessCommands({ access, audit, identities, clock }: Parts): AccessAdministration {
  return {
    async setPassword({ name, password }) {
      const user = await userNamed(identities, name);
      checkPassword(name, password);
      await access.setPasswordHash({ user: user.id, hash: await hashPassword(password), at: clock.now() });
    },
    tokens: () => access.tokens(),
    async createToken({ name, grants, expiresAt, by }) {
      checkName('token', name);
      checkGrants(grants);
      checkExpiry(expiresAt, clock.now());
      const secret = createTokenSecret();
      const token = await access.addToken({ name, secret, grants, expiresAt, createdAt: clock.now(), createdBy: by });
      return { token, secret };
    },
    async revokeToken({ name, by }) {
      const revoked = await access.revokeToken({ name, by, at: clock.now() });
      if (revoked !== undefined) return revoked;
      const names = (await access.tokens()).map((one) => one.name);
      throw new MapwrightError('ACCESS_TOKEN_UNKNOWN', `there is no token "${name}"`, {
        hint: didYouMean(name, names) ?? 'mapwright token list shows those there are',
      });
    },
    audit: (filter) => audit.entries(filter),
  };
}

/** Throws ACCESS_EXPIRY_PAST: a token that lets nobody in is a mistake, such as a time in seconds. */
function checkExpiry(expiresAt: number | undefined, now: number): void {
  if (expiresAt === undefined || expiresAt > now) return;
  throw new MapwrightError('ACCESS_EXPIRY_PAST', `the token would have ended at ${timeText(expiresAt)}`, {
    hint: 'give a time to come, in milliseconds since 1970-01-01T00:00:00Z',
  });
}

function timeText(at: number): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? String(at) : time.toISOString();
}

/** Throws ACCESS_GRANT_UNKNOWN. */
function checkGrants(grants: readonly string[]): void {
  const wrong = grants.find((grant) => scopesOf([grant]) === undefined);
  if (wrong === undefined && grants.length > 0) return;
  const names = [...ROLES, ...ALL_SCOPES];
  const what =
    wrong === undefined
      ? 'a token without a role or scope lets nobody do anything'
      : `"${wrong}" is neither role nor scope`;
  throw new MapwrightError('ACCESS_GRANT_UNKNOWN', what, {
    hint: (wrong === undefined ? undefined : didYouMean(wrong, names)) ?? `there are: ${names.join(', ')}`,
  });
}
