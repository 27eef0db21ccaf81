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
import { wholeBody } from '../../core/large-body.ts';
import { providerWords } from './provider-words.ts';
import { readSigningKey } from './signing-key.ts';
import { type Asked, noToken, refusal, TokenError } from './token-error.ts';
import { type SecretsOfRequest, sendTokenRequest, type TokenAsking } from './token-request.ts';

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
  const client = clientOf(credential);
  let account: string | undefined;
  try {
    const response = await genericTokenEndpointRequest(
      server,
      client,
      await clientAuthentication(credential),
      grantType,
      body,
      {
        [allowInsecureRequests]: true,
        [customFetch]: async (_, { body: form, headers }) => {
          noteSent(asking.secrets, headers, form);
          const request = { method: 'POST', url, headers: Object.entries(headers), body: form.toString() };
          const answer = await sendTokenRequest(asking, request, asked);
          const given = responseOf(answer, { asked, secrets: asking.secrets });
          account = given.account;
          return given.response;
        },
      },
    );
    const token = heldToken(await processGenericTokenEndpointResponse(server, client, response), asking.now);
    return account === undefined ? token : { ...token, account };
  } catch (thrown) {
    throw isOurs(thrown) ? thrown : noToken(asked, messageOf(thrown));
  }
}

/** Parameters that would let whoever reads them ask for tokens, or use them, in our place. */
const SECRET_PARAMETERS = [
  'client_secret',
  'client_assertion',
  'assertion',
  'password',
  'code',
  'code_verifier',
  'refresh_token',
];

function noteSent(secrets: SecretsOfRequest, headers: Readonly<Record<string, string>>, form: URLSearchParams): void {
  const sent = [headers['authorization']?.replace(/^\S+\s+/u, ''), ...SECRET_PARAMETERS.map((name) => form.get(name))];
  for (const secret of sent) if (typeof secret === 'string') secrets.add(secret);
}

/** The package wants a name for every client; one without is not named to the other side. */
const NO_CLIENT = '-';

/** The client as the package wants it. */
export function clientOf({ client: { id } }: OAuth): Client {
  return { client_id: id === '' ? NO_CLIENT : id };
}

/** How the client proves itself. Rejects with CREDENTIAL_KEY. */
export async function clientAuthentication({ client, name }: OAuth): Promise<ClientAuth> {
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
function responseOf(
  answer: CallAnswer,
  { asked, secrets }: { readonly asked: Asked; readonly secrets: SecretsOfRequest },
): { readonly response: Response; readonly account: string | undefined } {
  const text = new TextDecoder().decode(wholeBody(answer.body));
  const body = bodyOf(text, answer);
  noteGiven(secrets, body);
  const words = providerWords(body, (said) => secrets.redact(said));
  if (answer.status >= 400) throw refusal(asked, words ?? `status ${answer.status}`);
  if (answer.status < 200 || answer.status > 299) throw noToken(asked, `it has status ${answer.status}`);
  if (!isJsonObject(body)) throw noToken(asked, 'it is neither JSON nor a form');
  const { access_token: access, expires_in: expiresIn, refresh_token: refresh, scope } = body;
  if (typeof access !== 'string' || access === '') {
    throw words === undefined ? noToken(asked, 'it has no access_token') : refusal(asked, words);
  }
  const response = Response.json({
    access_token: access,
    // Who the person is, and what kind of token it is, makes no difference: the document says how it is sent.
    token_type: 'bearer',
    ...(isTime(expiresIn) ? { expires_in: Number(expiresIn) } : {}),
    ...(typeof refresh === 'string' && refresh !== '' ? { refresh_token: refresh } : {}),
    ...(typeof scope === 'string' ? { scope } : {}),
  });
  return { response, account: accountIn(body['id_token']) };
}

/** Whom an ID token is about; who gave it is known by the connection (OpenID Connect Core 1.0 section 3.1.3.7, point 6). */
function accountIn(idToken: Json | undefined): string | undefined {
  const claims = typeof idToken === 'string' ? idToken.split('.')[1] : undefined;
  const read = claims === undefined ? undefined : readJson(Buffer.from(claims, 'base64url').toString());
  const account = isJsonObject(read) ? read['sub'] : undefined;
  return typeof account === 'string' ? account : undefined;
}

const GIVEN = ['access_token', 'refresh_token', 'id_token'];

/** A token that comes with a refusal is a token. */
function noteGiven(secrets: SecretsOfRequest, body: Json | undefined): void {
  if (!isJsonObject(body)) return;
  for (const name of GIVEN) {
    const token = body[name];
    if (typeof token === 'string') secrets.add(token);
  }
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
