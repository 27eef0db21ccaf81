import { createHash } from 'node:crypto';
import type { CallRequest } from '../../core/call.ts';
import type { Credential } from '../../core/credential.ts';
import { escapeText } from '../../xml/escape.ts';
import type { Applying } from './applying.ts';
import { BASE64_BINARY, created, envelopeOf, USERNAME_TOKEN, withSecurity } from './ws-security.ts';

const NONCE_BYTES = 16;

/**
 * Puts a UsernameToken (WS-Security UsernameToken Profile 1.0) into the envelope: the password itself, or the hash of it with
 * a nonce and the time. Throws CREDENTIAL_NOT_SOAP.
 */
export function applyWsUsernameToken(
  request: CallRequest,
  { name, user, password, isDigest }: Extract<Credential, { kind: 'ws-username-token' }>,
  { now, random, onSecret }: Applying,
): CallRequest {
  // The description of a service is asked for without an envelope.
  if (request.body === undefined) return request;
  const nonce = random(NONCE_BYTES);
  const time = created(now);
  const hash = createHash('sha1').update(nonce).update(time).update(password).digest('base64');
  if (isDigest) onSecret(hash);
  const [type, proof] = isDigest ? ['PasswordDigest', hash] : ['PasswordText', password];
  const token =
    `<wsse:UsernameToken><wsse:Username>${escapeText(user)}</wsse:Username>` +
    `<wsse:Password Type="${USERNAME_TOKEN}#${type}">${escapeText(proof)}</wsse:Password>` +
    `<wsse:Nonce EncodingType="${BASE64_BINARY}">${Buffer.from(nonce).toString('base64')}</wsse:Nonce>` +
    `<wsu:Created>${time}</wsu:Created></wsse:UsernameToken>`;
  return { ...request, body: withSecurity(envelopeOf(request, name), token) };
}
