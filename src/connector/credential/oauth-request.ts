import {
  allowInsecureRequests,
  type Client,
  ClientSecretBasic,
  ClientSecretPost,
  type ClientAuth,
  customFetch,
  genericTokenEndpointRequest,
  None,
  PrivateKeyJwt,
  processGenericTokenEndpointResponse,
  type TokenEndpointResponse,
} from 'oauth4webapi';
import type { CallAnswer } from '../../core/call.ts';
import type { Credential, HeldToken, OAuthClient } from '../../core/credential.ts';
import { messageOf } from '../../core/error.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { readJson } from '../../core/json-text.ts';
import { providerWords } from './provider-words.ts';
import { readSigningKey } from './signing-key.ts';
import { type Asked, noToken, refusal, TokenError } from './token-error.ts';
import { sendTokenRequest, type TokenAsking } from './token-request.ts';

type OAuth = Extract<Credential, { kind: 'oauth2' }>;

/** One request at a token endpoint (RFC 6749 section 3.2). */
export interface OAuthRequest {
  readonly grantType: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** Undefined: the credential's token endpoint. */
  readonly url?: string | undefined;
}

/** Asks for a token. Rejects with TokenError, or CREDENTIAL_KEY. `now` is taken before anything is sent. */
export async function requestToken(
  credential: OAuth,
  { grantType, parameters, url = credential.tokenUrl }: OAuthRequest,
  asking: TokenAsking & { readonly now: number },
): Promise<HeldToken> {
  const asked = { credential: credential.name, url };
  const body = new URLSearchParams();
  for (const [name, value] of [...credential.parameters, ...parameters]) body.set(name, value);
  const server = { issuer: url, token_endpoint: url };
  const client: Client = { client_id: credential.client.id === '' ? NO_CLIENT : credential.client.id };
  try {
    const response = await genericTokenEndpointRequest(
      server,
      client,
      await authentication(credential),
      grantType,
      body,
      {
        [allowInsecureRequests]: true,
        [customFetch]: async (_, { body: form, headers }) =>
          responseOf(
            await sendTokenRequest(
              asking,
              { method: 'POST', url, headers: Object.entries(headers), body: form.toString() },
              asked,
            ),
            asked,
          ),
      },
    );
    return heldToken(await processGenericTokenEndpointResponse(server, client, response), asking.now);
  } catch (thrown) {
    throw isOurs(thrown) ? thrown : noToken(asked, messageOf(thrown));
  }
}

/** The package wants a name for every client; one without is not named to the other side. */
const NO_CLIENT = '-';

async function authentication({ client, name }: OAuth): Promise<ClientAuth> {
  if (client.id === '') return () => undefined;
  switch (client.authentication) {
    case 'none':
      return None();
    case 'basic':
      return ClientSecretBasic(secretOf(client));
    case 'post':
      return ClientSecretPost(secretOf(client));
    case 'private-key-jwt': {
      if (client.key === undefined) return None();
      const { key, keyId } = await readSigningKey(client.key, name);
      return PrivateKeyJwt(keyId === undefined ? key : { key, kid: keyId });
    }
  }
}

function secretOf({ secret = '' }: OAuthClient): string {
  return secret;
}

function isOurs(thrown: unknown): boolean {
  return (
    thrown instanceof TokenError || (thrown instanceof Error && 'code' in thrown && thrown.code === 'CREDENTIAL_KEY')
  );
}

/** The answer in the form that RFC 6749 section 5.1 demands; providers take liberties with it. Throws TokenError. */
function responseOf(answer: CallAnswer, asked: Asked): Response {
  const text = new TextDecoder().decode(answer.body);
  const body = bodyOf(text, answer);
  const words = providerWords(body);
  if (answer.status >= 400) throw refusal(asked, words ?? `status ${answer.status}`);
  if (answer.status < 200 || answer.status > 299) throw noToken(asked, `it has status ${answer.status}`);
  if (!isJsonObject(body)) throw noToken(asked, 'it is neither JSON nor a form');
  const { access_token: access, expires_in: expiresIn, refresh_token: refresh, scope } = body;
  if (typeof access !== 'string' || access === '') {
    throw words === undefined ? noToken(asked, 'it has no access_token') : refusal(asked, words);
  }
  return Response.json({
    access_token: access,
    // Who the person is, and what kind of token it is, makes no difference: the document says how it is sent.
    token_type: 'bearer',
    ...(isTime(expiresIn) ? { expires_in: Number(expiresIn) } : {}),
    ...(typeof refresh === 'string' && refresh !== '' ? { refresh_token: refresh } : {}),
    ...(typeof scope === 'string' ? { scope } : {}),
  });
}

/** JSON whatever it is called, a form where it is called one, a short plain text otherwise. */
function bodyOf(text: string, { headers }: CallAnswer): Json | undefined {
  const type = headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  const json = readJson(text);
  if (json !== undefined) return json;
  if (/x-www-form-urlencoded/iu.test(type) || /^[a-z_]+=[^<\s]*$/iu.test(text.trim())) {
    return Object.fromEntries(new URLSearchParams(text.trim()));
  }
  return /^text\/plain/iu.test(type) ? text : undefined;
}

/** Nought means to some that it never expires, and would help nobody otherwise. */
function isTime(value: Json | undefined): boolean {
  return (
    (typeof value === 'number' || typeof value === 'string') && Number.isFinite(Number(value)) && Number(value) > 0
  );
}

function heldToken(answer: TokenEndpointResponse, now: number): HeldToken {
  const { access_token: access, refresh_token: refresh, expires_in: seconds, scope } = answer;
  return {
    access,
    refresh,
    expiresAt: seconds === undefined ? undefined : now + seconds * 1000,
    scopes: scope?.split(' ').filter((one) => one !== ''),
  };
}
