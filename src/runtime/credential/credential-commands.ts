import type { Connector } from '../../core/call.ts';
import { MapwrightError, messageOf } from '../../core/error.ts';
import type { IdentityStore } from '../../core/identity-store.ts';
import type { SignIn } from '../../core/sign-in.ts';
import type { TokenKey, TokenRow, TokenStore } from '../../core/credential.ts';
import type { CompiledCredential } from '../../catalog/credential/compiled-credential.ts';
import { openToken } from '../../connector/credential/held-token.ts';
import { fingerprintOf } from '../../connector/credential/token-fingerprint.ts';
import type { TokenKeeper } from '../../connector/credential/token-keeper.ts';
import { TokenError } from '../../connector/credential/token-error.ts';
import { userNamed } from '../user-named.ts';
import type { CredentialAdministration, Disconnected, SignInProgress } from './credential-administration.ts';
import { credentialEntries, credentialEntry, type EntryParts } from './credential-entries.ts';
import { testCredential, type TrialParts } from './credential-trial.ts';
import { credentialNamed, requireSignIn, resolveFor } from './resolved-credential.ts';
import { type BeginningParts, beginSignIn } from './sign-in-begin.ts';
import { unknownSignIn } from './sign-in-refusal.ts';

export interface CredentialParts extends BeginningParts, EntryParts, TrialParts {
  readonly settings: BeginningParts['settings'];
  readonly secrets: EntryParts['secrets'];
  readonly sealer: BeginningParts['sealer'];
  readonly identities: IdentityStore;
  readonly tokens: TokenStore;
  readonly keeper: TokenKeeper;
  readonly connector: Connector;
  readonly catalog: BeginningParts['catalog'];
}

/** What people do about credentials. */
export function credentialCommands(parts: CredentialParts): CredentialAdministration {
  const named = (name: string): CompiledCredential => credentialNamed(parts.catalog(), name);
  return {
    credentials: () => credentialEntries(parts),
    credential: async ({ name }) => credentialEntry(parts, named(name)),
    async connectCredential({ name, user, by }) {
      const compiled = named(name);
      requireSignIn(compiled);
      const subject = await subjectOf(parts, compiled, user);
      await requireActive(parts, subject);
      return beginSignIn(parts, { compiled, subject, by });
    },
    async signIn({ name, id }) {
      const signIn = await parts.signIns.get(id);
      if (signIn?.credential !== name) throw unknownSignIn();
      return progressOf(parts, signIn);
    },
    async disconnectCredential({ name, user }) {
      if (!parts.catalog().credentials.has(name) && (await forgetGone(parts, { name, user }))) return GONE;
      const compiled = named(name);
      const subject = await subjectOf(parts, compiled, user, 'disconnect');
      return disconnect(parts, compiled, { credential: name, subject });
    },
    testCredential: (params) => testCredential(parts, params),
  };
}

/** Whose tokens are meant. Rejects with CREDENTIAL_USER_NEEDED, CREDENTIAL_SHARED or USER_UNKNOWN. */
async function subjectOf(
  { identities }: Pick<CredentialParts, 'identities'>,
  { name, document: { isShared } }: CompiledCredential,
  user: string | undefined,
  doing: 'connect' | 'disconnect' = 'connect',
): Promise<string> {
  if (!isShared && user !== undefined) return (await userNamed(identities, user)).id;
  if (isShared && user === undefined) return '';
  if (isShared) {
    throw new MapwrightError('CREDENTIAL_SHARED', `all share credential "${name}": nobody has a token of their own`, {
      hint: `leave the user away; an administrator ${doing}s it for all`,
    });
  }
  throw new MapwrightError('CREDENTIAL_USER_NEEDED', `everybody has a token of their own of credential "${name}"`, {
    hint: `say whose: mapwright credential ${doing} ${name} --user NAME`,
  });
}

async function requireActive({ identities }: Pick<CredentialParts, 'identities'>, subject: string): Promise<void> {
  const user = subject === '' ? undefined : await identities.userById(subject);
  if (user === undefined || user.active) return;
  throw new MapwrightError(
    'USER_INACTIVE',
    `user "${user.name}" is not active, and starts no runs that would need a token`,
    {
      hint: `mapwright user activate ${user.name}`,
    },
  );
}

async function progressOf({ tokens, clock }: CredentialParts, signIn: SignIn): Promise<SignInProgress> {
  const { credential, subject, state, problem, expiresAt, takenUntil = 0 } = signIn;
  const told = { expiresAt, ...(problem === undefined ? {} : { problem }) };
  if (state === 'connected' || state === 'failed') return { state, ...told };
  const now = clock.now();
  const isAbandoned = state === 'taken' && takenUntil <= now;
  if (state === 'taken' && !isAbandoned) return { state: 'exchanging', ...told };
  if (isAbandoned && isNewer(await tokens.get({ credential, subject }), signIn))
    return { state: 'connected', expiresAt };
  if (expiresAt <= now) return { state: 'expired', ...told };
  return { state: isAbandoned ? 'interrupted' : 'open', ...told };
}

/** Whoever exchanged the code died after the token was kept. */
function isNewer(row: TokenRow | undefined, { startedAt }: SignIn): boolean {
  return row?.sealed !== undefined && (row.connectedAt ?? 0) >= startedAt;
}

/** False where nothing was kept of a credential that is no longer in force. */
async function forgetGone(
  { tokens, identities }: Pick<CredentialParts, 'tokens' | 'identities'>,
  { name, user }: { readonly name: string; readonly user: string | undefined },
): Promise<boolean> {
  if (user === undefined) return (await tokens.removeAll(name)) > 0;
  return tokens.remove({ credential: name, subject: (await userNamed(identities, user)).id });
}

const GONE: Disconnected = {
  removed: true,
  provider: 'failed',
  problem: 'the credential is no longer in force, and nobody knows whom to tell',
};

const GIVEN_BEFORE = 'the settings of the credential were changed since the token was got';

async function disconnect(parts: CredentialParts, compiled: CompiledCredential, key: TokenKey): Promise<Disconnected> {
  const row = await parts.tokens.get(key);
  // First of all nobody uses it here any more, whatever the provider makes of it.
  const removed = await parts.tokens.remove(key);
  const held = openToken(parts.sealer, row?.sealed);
  if (!removed || held === undefined) return { removed: removed && row?.sealed !== undefined, provider: 'not-asked' };
  try {
    const { credential, network } = await resolveFor(parts, parts.catalog(), { compiled, subject: key.subject });
    if (credential.kind !== 'oauth2') return { removed, provider: 'not-asked' };
    // Whoever gave it is not asked any more, and nobody else is told it.
    if (row?.fingerprint !== fingerprintOf(credential)) return { removed, provider: 'failed', problem: GIVEN_BEFORE };
    const { revokeToken } = await import('../../connector/credential/oauth-revocation.ts');
    const { connector, clock } = parts;
    return { removed, provider: await revokeToken(credential, held, { connector, clock, network }) };
  } catch (thrown) {
    const problem = thrown instanceof TokenError ? thrown.words : messageOf(thrown);
    return { removed, provider: 'failed', problem };
  }
}
