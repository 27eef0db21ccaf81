import { createHash } from 'node:crypto';
import type { CallRequest } from '../../core/call.ts';
import type { Login } from './basic.ts';
import type { DigestChallenge } from './digest-challenge.ts';
import { bodyHash } from './signed-request.ts';

/** What one answer to a challenge is made of. */
export interface DigestParts {
  readonly challenge: DigestChallenge;
  readonly login: Login;
  readonly request: Pick<CallRequest, 'method' | 'body'>;
  /** Path and query, as they stand on the wire. */
  readonly uri: string;
  readonly clientNonce: string;
  /** How often the server's nonce has been used, this time counted. */
  readonly count: number;
  /** Told what is as good as the password: its hash, which answers every challenge of the realm, and the response. */
  onSecret(secret: string): void;
}

/** The `Authorization` header that answers a challenge (RFC 7616 section 3.4, RFC 2617 section 3.2.2). */
export function digestResponse(parts: DigestParts): string {
  const { challenge, login, uri, clientNonce } = parts;
  const { realm, nonce, opaque, algorithm, qop, isSession, isUtf8, hash } = challenge;
  const user = normalized(login.user, isUtf8);
  const fields = [
    ...userFields(user, challenge),
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(qop === undefined ? [] : [`qop=${qop}`, `nc=${counted(parts.count)}`]),
    ...(qop === undefined && !isSession ? [] : [`cnonce=${quoted(clientNonce)}`]),
    `response="${proofOf(parts, `${user}:${realm}:${normalized(login.password, isUtf8)}`, hash)}"`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
  ];
  return `Digest ${fields.join(', ')}`;
}

function proofOf(parts: DigestParts, secret: string, hash: string): string {
  const { challenge, request, uri, clientNonce, count, onSecret } = parts;
  const { nonce, qop, isSession } = challenge;
  const digest = (text: string): string => createHash(hash).update(text).digest('hex');
  const login = digest(secret);
  const who = isSession ? digest(`${login}:${nonce}:${clientNonce}`) : login;
  const entity = qop === 'auth-int' ? `:${bodyHash(request, hash)}` : '';
  const what = digest(`${request.method}:${uri}${entity}`);
  const counting = qop === undefined ? '' : `${counted(count)}:${clientNonce}:${qop}:`;
  const proof = digest(`${who}:${nonce}:${counting}${what}`);
  for (const told of new Set([login, who, proof])) onSecret(told);
  return proof;
}

/** The user's name, hashed where the server wants it so, and in the long form where it is not ASCII (section 3.4.4). */
function userFields(user: string, { realm, hash, wantsUserHash, isUtf8 }: DigestChallenge): string[] {
  if (wantsUserHash) {
    return [`username="${createHash(hash).update(`${user}:${realm}`).digest('hex')}"`, 'userhash=true'];
  }
  // oxlint-disable-next-line no-control-regex -- all of ASCII
  const isAscii = /^[\u0000-\u007f]*$/u.test(user);
  return isAscii || !isUtf8 ? [`username=${quoted(user)}`] : [`username*=UTF-8''${extended(user)}`];
}

/** RFC 8187 section 3.2. */
function extended(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /['()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Servers that name their character set compare composed characters (RFC 7616 section 4). */
function normalized(text: string, isUtf8: boolean): string {
  return isUtf8 ? text.normalize('NFC') : text;
}

function counted(count: number): string {
  return count.toString(16).padStart(8, '0');
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/gu, String.raw`\$&`)}"`;
}
