import type { CallAnswer } from '../../core/call.ts';

/** Hashes of RFC 7616 section 3.3 and of the servers before it, the best first; as crypto names them. */
const ALGORITHMS: readonly (readonly [name: string, hash: string])[] = [
  ['SHA-512-256', 'sha512-256'],
  ['SHA-256', 'sha256'],
  ['MD5', 'md5'],
];

/** What a server wants to be answered (RFC 7616 section 3.3). */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** As the server spells it; undefined: it names none, and means MD5. */
  readonly algorithm: string | undefined;
  /** As crypto names it. */
  readonly hash: string;
  /** True for the `-sess` variants: the login's hash takes in both nonces. */
  readonly isSession: boolean;
  /** Undefined: a server of RFC 2069, which counts nothing. */
  readonly qop: 'auth' | 'auth-int' | undefined;
  readonly wantsUserHash: boolean;
  readonly isUtf8: boolean;
}

/** A challenge of any scheme: `Digest realm="x", nonce="y"`. */
interface Challenge {
  readonly scheme: string;
  readonly parameters: Map<string, string>;
}

/** The best digest challenge of an answer that can be met; undefined when there is none. */
export function digestChallenge({ status, headers }: CallAnswer): DigestChallenge | undefined {
  if (status !== 401) return undefined;
  const offered = headers
    .filter(([name]) => name === 'www-authenticate')
    .flatMap(([, value]) => challengesIn(value))
    .filter(({ scheme }) => scheme === 'digest')
    .flatMap(({ parameters }) => readChallenge(parameters) ?? []);
  const rank = ({ hash }: DigestChallenge): number => ALGORITHMS.findIndex(([, known]) => known === hash);
  return offered.toSorted((a, b) => rank(a) - rank(b))[0];
}

/** What a server tells after a login that it took: the nonce for the next request (RFC 7616 section 3.5). */
export function nextNonce({ headers }: CallAnswer): string | undefined {
  const told = headers.find(([name]) => name === 'authentication-info')?.[1];
  return told === undefined ? undefined : challengesIn(`digest ${told}`)[0]?.parameters.get('nextnonce');
}

function readChallenge(parameters: ReadonlyMap<string, string>): DigestChallenge | undefined {
  const realm = parameters.get('realm');
  const nonce = parameters.get('nonce');
  const algorithm = parameters.get('algorithm');
  const isSession = /-sess$/iu.test(algorithm ?? '');
  const plain = (algorithm ?? 'MD5').replace(/-sess$/iu, '').toUpperCase();
  const hash = ALGORITHMS.find(([name]) => name === plain)?.[1];
  const offered = parameters
    .get('qop')
    ?.toLowerCase()
    .split(/[\s,]+/u);
  const qop = (['auth', 'auth-int'] as const).find((one) => offered?.includes(one));
  if (realm === undefined || nonce === undefined || hash === undefined) return undefined;
  // Kinds of protection that nobody has heard of.
  if (offered?.some((one) => one !== '') === true && qop === undefined) return undefined;
  const isTrue = (name: string): boolean => parameters.get(name)?.toLowerCase() === 'true';
  return {
    realm,
    nonce,
    opaque: parameters.get('opaque'),
    algorithm,
    hash,
    isSession,
    qop,
    wantsUserHash: isTrue('userhash'),
    isUtf8: parameters.get('charset')?.toLowerCase() === 'utf-8',
  };
}

/**
 * A scheme, or a parameter with its value quoted or not; what is neither is passed over (RFC 9110 section 11.6.1). Begins
 * where a word does, so that a long word is looked at once.
 */
const PIECE =
  /(?<![!#$%&'*+\-.^_`|~0-9A-Za-z])([!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))|(?=\s+[!#$%&'*+\-.^_`|~0-9A-Za-z]|\s*,|\s*$))/gsu;

function challengesIn(header: string): Challenge[] {
  const found: Challenge[] = [];
  for (const [, name = '', quoted, token] of header.matchAll(PIECE)) {
    const value = quoted?.replaceAll(/\\(.)/gsu, '$1') ?? token;
    if (value === undefined) found.push({ scheme: name.toLowerCase(), parameters: new Map() });
    else found.at(-1)?.parameters.set(name.toLowerCase(), value);
  }
  return found;
}
