import { createHash } from 'node:crypto';
import type { CallAnswer, CallRequest } from '../../core/call.ts';
import type { Credential, HeldToken } from '../../core/credential.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { readJson } from '../../core/json-text.ts';
import { wholeBody } from '../../core/large-body.ts';
import { providerWords } from './provider-words.ts';
import { type Asked, noToken, refusal } from './token-error.ts';
import { fingerprintOf } from './token-fingerprint.ts';
import { type SecretsOfRequest, sendTokenRequest, type TokenAsking } from './token-request.ts';
import type { TokenSource } from './token-source.ts';

type Vtiger = Extract<Credential, { kind: 'vtiger' }>;

/** The session of a vtiger or coreBOS web service: opened by challenge and login. */
export function vtigerSource(credential: Vtiger, parts: Omit<TokenAsking, 'remainingMs' | 'secrets'>): TokenSource {
  return {
    key: { credential: credential.name, subject: credential.subject },
    fingerprint: fingerprintOf(credential),
    renewal: credential.renewal,
    unconnected: undefined,
    secrets: [credential.accessKey],
    get: ({ remainingMs, secrets }) => logIn(credential, { ...parts, remainingMs, secrets }),
  };
}

async function logIn({ name, url, user, accessKey }: Vtiger, asking: TokenAsking): Promise<HeldToken> {
  const asked = { credential: name, url };
  const { secrets } = asking;
  const ask = async (method: 'GET' | 'POST', parameters: Readonly<Record<string, string>>, wanted: string) => {
    const answer = await sendTokenRequest(asking, requestOf(url, method, parameters), asked);
    return memberOf(answer, wanted, { asked, secrets });
  };
  const token = await ask('GET', { operation: 'getchallenge', username: user }, 'token');
  secrets.add(token);
  // The protocol's own hash: the other side knows no better one.
  const proof = createHash('md5').update(`${token}${accessKey}`).digest('hex');
  secrets.add(proof);
  const access = await ask('POST', { operation: 'login', username: user, accessKey: proof }, 'sessionName');
  return { access, refresh: undefined, expiresAt: undefined, scopes: undefined };
}

function requestOf(
  url: string,
  method: 'GET' | 'POST',
  parameters: Readonly<Record<string, string>>,
): Pick<CallRequest, 'method' | 'url' | 'headers' | 'body'> {
  const form = new URLSearchParams(parameters).toString();
  if (method === 'GET')
    return { method, url: `${url}${url.includes('?') ? '&' : '?'}${form}`, headers: [], body: undefined };
  return { method, url, headers: [['Content-Type', 'application/x-www-form-urlencoded']], body: form };
}

/** A member of the result. Throws TokenError: a refusal in the other side's words, or that it is no answer of this kind. */
function memberOf(
  { body, status }: CallAnswer,
  wanted: string,
  { asked, secrets }: { readonly asked: Asked; readonly secrets: SecretsOfRequest },
): string {
  const answer = readJson(new TextDecoder().decode(wholeBody(body)));
  if (!isJsonObject(answer)) throw noToken(asked, `status ${status}, and not what webservice.php answers`);
  if (answer['success'] !== true)
    throw refusal(asked, providerWords(answer, (said) => secrets.redact(said)) ?? `status ${status}`);
  const value = resultMember(answer['result'], wanted);
  if (value === undefined) throw noToken(asked, `it has no ${wanted}`);
  return value;
}

function resultMember(result: Json | undefined, name: string): string | undefined {
  const value = isJsonObject(result) ? result[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
