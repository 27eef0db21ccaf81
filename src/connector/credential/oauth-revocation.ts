import { allowInsecureRequests, customFetch, processRevocationResponse, revocationRequest } from 'oauth4webapi';
import type { Connector } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import type { Credential, HeldToken } from '../../core/credential.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { readJson } from '../../core/json-text.ts';
import { wholeBody } from '../../core/large-body.ts';
import type { NetworkRules } from '../../core/network.ts';
import { secretsOfRequest } from './masked-error.ts';
import { clientAuthentication, clientOf } from './oauth-request.ts';
import { providerWords } from './provider-words.ts';
import { refusal } from './token-error.ts';
import { sendTokenRequest, type TokenAsking } from './token-request.ts';

/** not-offered: the provider publishes no place for it. */
export type Revocation = 'revoked' | 'not-offered';

type OAuth = Extract<Credential, { kind: 'oauth2' }>;

interface Revoking {
  /** Sends the requests, under the egress rules. */
  readonly connector: Connector;
  readonly clock: Clock;
  readonly network?: NetworkRules | undefined;
}

/** What all of it may take. */
const REVOKING_MS = 15_000;
/** Places that are looked at for what a provider publishes. */
const MOST_PLACES = 8;

/**
 * Tells the provider that a token is not used any more (RFC 7009), where it publishes at what address (RFC 8414, OpenID Connect
 * Discovery 1.0). A refresh token takes its access tokens along. Rejects with what a request failed with.
 */
export async function revokeToken(credential: OAuth, held: HeldToken, revoking: Revoking): Promise<Revocation> {
  const { connector, clock, network } = revoking;
  const until = clock.now() + REVOKING_MS;
  const secrets = secretsOfRequest([credential.client.secret, held.access, held.refresh]);
  const remainingMs = (): number => until - clock.now();
  const asking: TokenAsking = { connector, network, calledUrl: credential.tokenUrl, secrets, remainingMs };
  const url = await revocationAddress(credential, asking);
  if (url === undefined) return 'not-offered';
  const asked = { credential: credential.name, url };
  const [token, kind] = held.refresh === undefined ? [held.access, 'access_token'] : [held.refresh, 'refresh_token'];
  const response = await revocationRequest(
    { issuer: url, revocation_endpoint: url },
    clientOf(credential),
    await clientAuthentication(credential),
    token,
    {
      additionalParameters: { token_type_hint: kind },
      [allowInsecureRequests]: true,
      [customFetch]: async (_, { body, headers }) => {
        const sent = { method: 'POST', url, headers: Object.entries(headers), body: String(body) };
        const answer = await sendTokenRequest(asking, sent, asked);
        if (answer.status < 400) return new Response(null, { status: 200 });
        const words = providerWords(readJson(new TextDecoder().decode(wholeBody(answer.body))), (text) =>
          secrets.redact(text),
        );
        throw refusal(asked, words ?? `status ${answer.status}`);
      },
    },
  );
  await processRevocationResponse(response);
  return 'revoked';
}

/** Undefined where nothing that is published is about this very token endpoint. */
async function revocationAddress(credential: OAuth, asking: TokenAsking): Promise<string | undefined> {
  const asked = { credential: credential.name, url: credential.tokenUrl };
  for (const url of publishedAt(credential)) {
    const answer = await sendTokenRequest(
      asking,
      { method: 'GET', url, headers: [['Accept', 'application/json']], body: undefined },
      asked,
    ).catch(() => undefined);
    const published = answer?.status === 200 ? readJson(new TextDecoder().decode(wholeBody(answer.body))) : undefined;
    if (isJsonObject(published) && published['token_endpoint'] === credential.tokenUrl) {
      return addressIn(published['revocation_endpoint'], credential.tokenUrl);
    }
  }
  return undefined;
}

/** A token is sent nowhere with less protection than it was got with. */
function addressIn(value: Json | undefined, tokenUrl: string): string | undefined {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null) return undefined;
  return url.protocol === 'https:' || url.origin === URL.parse(tokenUrl)?.origin ? url.href : undefined;
}

/** The issuer stands somewhere above the addresses that the credential names. */
function publishedAt({ grant, tokenUrl }: OAuth): string[] {
  const known = grant.type === 'authorization-code' ? [grant.authorizationUrl, tokenUrl] : [tokenUrl];
  const places = known.flatMap((text) => {
    const url = URL.parse(text);
    if (url === null) return [];
    const parts = url.pathname.split('/').filter((part) => part !== '');
    const folders = parts.map((_, index) => `${url.origin}/${parts.slice(0, index).join('/')}`.replace(/\/$/u, ''));
    return [
      ...folders.map((folder) => `${folder}/.well-known/openid-configuration`),
      `${url.origin}/.well-known/oauth-authorization-server`,
    ];
  });
  return [...new Set(places)].slice(0, MOST_PLACES);
}
