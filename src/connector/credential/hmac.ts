import { createHmac } from 'node:crypto';
import type { CallRequest } from '../../core/call.ts';
import type { HmacCredential } from '../../core/credential.ts';
import type { Applying } from './applying.ts';
import { bodyBytes, bodyHash, sentUrl } from './signed-request.ts';
import { putToken, withHeader } from './token-place.ts';

const NONCE_BYTES = 16;
const PLACEHOLDER = /\{([a-z][a-z0-9-]*)\}/u;

/** Signs the parts of the request that the credential covers (RFC 2104), as they stand before the signature is put in. */
export function applyHmac(
  request: CallRequest,
  credential: HmacCredential,
  { now, random, onSecret }: Applying,
): CallRequest {
  const url = sentUrl(request);
  if (url === undefined) return request;
  const { algorithm, key, encoding, covers, send, timestampHeader, nonceHeader } = credential;
  const nonce = Buffer.from(random(NONCE_BYTES)).toString('hex');
  const moment = momentParts(now);
  const parts: Readonly<Record<string, () => string | Uint8Array>> = {
    method: () => request.method,
    url: () => `${url.origin}${url.pathname}${url.search}`,
    path: () => url.pathname,
    query: () => url.search.slice(1),
    host: () => url.host,
    body: () => bodyBytes(request),
    'body-sha256': () => bodyHash(request, 'sha256'),
    nonce: () => nonce,
    ...Object.fromEntries(Object.entries(moment).map(([name, text]) => [name, () => text])),
  };
  const hmac = createHmac(algorithm, key.trim());
  // Of a text split at its placeholders, every second piece is the name of one.
  for (const [index, piece] of covers.split(PLACEHOLDER).entries()) {
    hmac.update(index % 2 === 0 ? piece : (parts[piece]?.() ?? `{${piece}}`));
  }
  const time = moment[timeIn(covers)] ?? '';
  const timed = timestampHeader === undefined ? request : withHeader(request, timestampHeader, time);
  const unique = nonceHeader === undefined ? timed : withHeader(timed, nonceHeader, nonce);
  const signature = hmac.digest(encoding);
  onSecret(signature);
  return putToken(unique, send, signature);
}

/** The moment of a call as services want to read it. */
function momentParts(now: number): Readonly<Record<string, string>> {
  const date = new Date(now);
  return {
    timestamp: String(Math.floor(now / 1000)),
    'timestamp-ms': String(now),
    date: date.toUTCString(),
    'iso-date': date.toISOString(),
  };
}

/** The header says the time as the signed text does. */
function timeIn(covers: string): string {
  const named = ['timestamp-ms', 'iso-date', 'date'].find((name) => covers.includes(`{${name}}`));
  return covers.includes('{timestamp}') ? 'timestamp' : (named ?? 'timestamp');
}
