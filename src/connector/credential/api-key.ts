import type { CallRequest } from '../../core/call.ts';
import type { Credential } from '../../core/credential.ts';
import { MapwrightError } from '../../core/error.ts';
import { putToken } from './token-place.ts';

/** What a cookie's value may hold (RFC 6265 section 4.1.1): anything else would end it, or be read as something else. */
const COOKIE_VALUE = /^[\u0021\u0023-\u002b\u002d-\u003a\u003c-\u005b\u005d-\u007e]*$/u;

/** Puts the key where the service looks for it. Throws CREDENTIAL_UNSENDABLE for one that cannot stand there. */
export function applyApiKey(
  request: CallRequest,
  { name, key, send }: Extract<Credential, { kind: 'api-key' }>,
): CallRequest {
  // A key that was stored from a file ends in a line break, which is no part of it.
  const sent = key.trim();
  if (sent === '') throw unsendable(name, 'is empty');
  if (send.in === 'cookie' && !COOKIE_VALUE.test(sent)) throw unsendable(name, 'holds a sign that no cookie can hold');
  // oxlint-disable-next-line no-control-regex -- these are what no header can hold
  if (send.in === 'header' && /[\u0000-\u0008\u000a-\u001f\u007f]/u.test(sent)) {
    throw unsendable(name, 'holds a line break or another control character');
  }
  return putToken(request, send, sent);
}

function unsendable(name: string, why: string): MapwrightError {
  return new MapwrightError('CREDENTIAL_UNSENDABLE', `the key of credential "${name}" ${why}`, {
    hint: 'store the secret again as the provider gave it: mapwright secret set NAME',
  });
}
