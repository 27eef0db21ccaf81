import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from 'oauth4webapi';
import type { Connector } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import type { Credential } from '../../core/credential.ts';
import { MapwrightError } from '../../core/error.ts';
import type { NetworkRules } from '../../core/network.ts';
import { maskedError, secretsOfRequest } from './masked-error.ts';
import { requestToken } from './oauth-request.ts';
import { oauthSource, scopesOf } from './oauth-source.ts';
import type { TokenKeeper } from './token-keeper.ts';

type OAuth = Extract<Credential, { kind: 'oauth2' }>;

/** Where a person signs in, and what has to be kept until they come back. */
export interface StartedAuthorization {
  readonly url: string;
  /** Proves that who exchanges the code is who asked for it (RFC 7636): a secret until then. */
  readonly codeVerifier: string;
}

/**
 * The address at which a person signs in (RFC 6749 section 4.1.1, RFC 7636 with S256). Parameters of the document come first:
 * what makes the request one of ours cannot be overwritten. Rejects with CREDENTIAL_KIND.
 */
export async function startAuthorization(
  credential: Credential,
  { redirectUrl, state }: { readonly redirectUrl: string; readonly state: string },
): Promise<StartedAuthorization> {
  const { client, scopes, audience, grant, oauth } = authorizable(credential);
  const codeVerifier = generateRandomCodeVerifier();
  const url = new URL(grant.authorizationUrl);
  for (const [name, value] of grant.authorizationParameters) url.searchParams.set(name, value);
  const own: (readonly [string, string | undefined])[] = [
    ['response_type', 'code'],
    ['client_id', client.id],
    ['redirect_uri', grant.redirectUrl ?? redirectUrl],
    ['scope', scopes.length === 0 ? undefined : scopesOf(oauth)[0]?.[1]],
    ['audience', audience],
    ['state', state],
    ['code_challenge', await calculatePKCECodeChallenge(codeVerifier)],
    ['code_challenge_method', 'S256'],
  ];
  for (const [name, value] of own) if (value !== undefined) url.searchParams.set(name, value);
  return { url: url.href, codeVerifier };
}

const EXCHANGE_MS = 25_000;

/**
 * Exchanges the code that a person came back with, and keeps the token. Rejects with CREDENTIAL_REFUSED in the provider's
 * words, CREDENTIAL_TOKEN_INVALID, CREDENTIAL_TOKEN_STATUS, CREDENTIAL_KEY, CREDENTIAL_KIND or what the call failed with.
 */
export async function exchangeCode(
  credential: Credential,
  answer: { readonly code: string; readonly codeVerifier: string; readonly redirectUrl: string },
  parts: {
    readonly keeper: TokenKeeper;
    /** Sends the request, under the egress rules. */
    readonly connector: Connector;
    readonly clock: Clock;
    readonly network?: NetworkRules | undefined;
  },
): Promise<void> {
  const { oauth, grant } = authorizable(credential);
  const { keeper, connector, clock, network } = parts;
  const asking = { connector, network, calledUrl: oauth.tokenUrl };
  const source = oauthSource(oauth, { ...asking, clock });
  const secrets = secretsOfRequest([...source.secrets, answer.code, answer.codeVerifier]);
  const now = clock.now();
  const parameters = [
    ['code', answer.code],
    ['redirect_uri', grant.redirectUrl ?? answer.redirectUrl],
    ['code_verifier', answer.codeVerifier],
  ] as const;
  try {
    const request = { grantType: 'authorization_code', parameters };
    const remainingMs = (): number => now + EXCHANGE_MS - clock.now();
    await keeper.put(source, await requestToken(oauth, request, { ...asking, now, remainingMs, secrets }));
  } catch (thrown) {
    throw maskedError(thrown, secrets);
  }
}

function authorizable(credential: Credential) {
  if (credential.kind === 'oauth2' && credential.grant.type === 'authorization-code') {
    return { ...credential, oauth: credential satisfies OAuth, grant: credential.grant };
  }
  throw new MapwrightError('CREDENTIAL_KIND', `nobody signs in for credential "${credential.name}"`, {
    hint: 'only credentials of kind oauth2-authorization-code are connected by a person',
  });
}
