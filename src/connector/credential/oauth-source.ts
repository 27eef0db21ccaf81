import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { Credential, HeldToken, OAuthParameters } from '../../core/credential.ts';
import { signAssertion } from './oauth-assertion.ts';
import { type OAuthRequest, requestToken } from './oauth-request.ts';
import { notConnected, TokenError } from './token-error.ts';
import { fingerprintOf } from './token-fingerprint.ts';
import type { TokenAsking } from './token-request.ts';
import type { Getting, TokenSource } from './token-source.ts';

type OAuth = Extract<Credential, { kind: 'oauth2' }>;

/** What tokens are asked for with, besides the credential. */
export type OAuthParts = Omit<TokenAsking, 'remainingMs' | 'secrets'> & { readonly clock: Clock };

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** The tokens of a credential of any grant. */
export function oauthSource(credential: OAuth, parts: OAuthParts): TokenSource {
  const { grant, client } = credential;
  return {
    key: { credential: credential.name, subject: credential.subject },
    fingerprint: fingerprintOf(credential),
    renewal: credential.renewal,
    unconnected: grant.type === 'authorization-code' ? (why) => notConnected(credential, why) : undefined,
    secrets: [
      client.secret,
      client.key?.text,
      ...(grant.type === 'password' ? [grant.password] : []),
      ...(grant.type === 'jwt-bearer' ? [grant.key.text] : []),
      ...secretParameters(credential).map(([, value]) => value),
    ].filter((secret) => secret !== undefined),
    get: (getting) => nextToken(credential, getting, parts),
  };
}

function secretParameters({ parameters, grant }: OAuth): OAuthParameters {
  const asked = grant.type === 'authorization-code' ? grant.authorizationParameters : [];
  return [...parameters, ...asked].filter(([, , isSecret]) => isSecret);
}

/**
 * Renews what a person, or a password, gave, and begins anew where that is refused and possible. What somebody may have used
 * before he died is not used again where it can be done without.
 */
async function nextToken(credential: OAuth, getting: Getting, parts: OAuthParts): Promise<HeldToken> {
  const { grant } = credential;
  const refresh = getting.held?.refresh;
  const ask = (request: OAuthRequest): Promise<HeldToken> =>
    requestToken(credential, request, { ...parts, ...asGiven(getting), now: parts.clock.now() });
  if (grant.type === 'authorization-code') {
    if (refresh === undefined) throw notConnected(credential, getting.held && 'its token has expired');
    try {
      return kept(await ask(refreshing(credential, refresh)), { refresh, account: getting.held?.account });
    } catch (thrown) {
      throw isRefused(thrown) ? notConnected(credential, thrown.words) : thrown;
    }
  }
  if (grant.type === 'password' && refresh !== undefined && !getting.wasInterrupted) {
    try {
      return kept(await ask(refreshing(credential, refresh)), { refresh });
    } catch (thrown) {
      if (!isRefused(thrown)) throw thrown;
    }
  }
  return ask(await beginning(credential, parts));
}

function asGiven({ remainingMs, secrets }: Getting): Pick<TokenAsking, 'remainingMs' | 'secrets'> {
  return { remainingMs, secrets };
}

function isRefused(thrown: unknown): thrown is TokenError {
  return thrown instanceof TokenError && thrown.isRefusal;
}

/** A provider that gives no new one lets the old one be used again. */
function kept(
  token: HeldToken,
  before: { readonly refresh: string; readonly account?: string | undefined },
): HeldToken {
  return { ...token, refresh: token.refresh ?? before.refresh, account: token.account ?? before.account };
}

function refreshing({ refreshUrl }: OAuth, refresh: string): OAuthRequest {
  return { grantType: 'refresh_token', parameters: [['refresh_token', refresh]], url: refreshUrl };
}

async function beginning(credential: OAuth, { clock }: OAuthParts): Promise<OAuthRequest> {
  const { grant, audience } = credential;
  const scope = scopesOf(credential);
  const more = audience === undefined ? scope : [...scope, ['audience', audience] as const];
  if (grant.type === 'password') {
    const { user, password } = grant;
    return { grantType: 'password', parameters: [['username', user], ['password', password], ...more] };
  }
  if (grant.type !== 'jwt-bearer') return { grantType: 'client_credentials', parameters: more };
  const { text, sendsScopes } = await signAssertion(credential, grant, { now: clock.now(), id: randomUUID() });
  return {
    grantType: JWT_BEARER,
    parameters: [['assertion', text], ...(sendsScopes ? more : more.slice(scope.length))],
  };
}

/** The scopes as one parameter (RFC 6749 section 3.3); none where none are asked for. */
export function scopesOf({ scopes }: OAuth): (readonly [name: string, value: string])[] {
  return scopes.length === 0 ? [] : [['scope', scopes.join(' ')]];
}
