import { createHash, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { type Arrived, type Listening, listening } from './credential-world.ts';

/** What a server that checks digest logins demands. */
export interface DigestRules {
  readonly user: string;
  readonly password: string;
  readonly realm: string;
  /** As it stands in the challenge; undefined: left out. */
  readonly algorithm?: string;
  readonly qop?: string;
  readonly isUserHashed?: boolean;
  /** A nonce counts for so many requests; a later one is told that it is stale. */
  readonly usesPerNonce?: number;
  /** Told with every answer to a login that is right. */
  readonly tellsNext?: boolean;
}

const HASHES: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };

/** A server with digest logins, which checks each to the letter and takes each count of a nonce once. */
export class DigestPeer {
  rules: DigestRules;
  challenges = 0;
  /** Counts of nonces that came with logins that were right, in order. */
  readonly counts: string[] = [];
  readonly #uses = new Map<string, Set<string>>();
  #listening: Listening | undefined;

  private constructor(rules: DigestRules) {
    this.rules = rules;
  }

  static async open(t: TestContext, rules: DigestRules): Promise<DigestPeer> {
    const peer = new DigestPeer(rules);
    peer.#listening = await listening(t, (request, response) => peer.#answer(request, response));
    return peer;
  }

  get url(): string {
    return this.#listening?.url ?? '';
  }

  get arrived(): readonly Arrived[] {
    return this.#listening?.arrived ?? [];
  }

  /** As after a restart: no nonce is known any more. */
  forget(): void {
    this.#uses.clear();
  }

  #answer(request: Arrived, response: ServerResponse): void {
    const given = fieldsOf(request.headers.authorization);
    const nonce = given.get('nonce') ?? '';
    const uses = this.#uses.get(nonce);
    if (given.size === 0 || uses === undefined || !this.#isRight(request, given))
      return this.#challenge(response, false);
    const count = given.get('nc') ?? `${uses.size}`;
    if (uses.has(count) || uses.size >= (this.rules.usesPerNonce ?? Infinity)) return this.#challenge(response, true);
    uses.add(count);
    this.counts.push(count);
    if (this.rules.tellsNext === true) response.setHeader('Authentication-Info', `nextnonce="${this.#nonce()}"`);
    response.end('welcome');
  }

  #challenge(response: ServerResponse, isStale: boolean): void {
    this.challenges += 1;
    const { realm, algorithm, qop, isUserHashed } = this.rules;
    const parts = [
      `realm="${realm.replaceAll(/["\\]/gu, String.raw`\$&`)}"`,
      ...(qop === undefined ? [] : [`qop="${qop}"`]),
      ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
      `nonce="${this.#nonce()}"`,
      'opaque="o\\"paque"',
      'charset=UTF-8',
      ...(isUserHashed === true ? ['userhash=true'] : []),
      ...(isStale ? ['stale=true'] : []),
    ];
    const other = 'Basic realm="a, b", Negotiate';
    response.writeHead(401, { 'WWW-Authenticate': `${other}, Digest ${parts.join(', ')}` }).end();
  }

  #nonce(): string {
    const nonce = randomBytes(12).toString('base64');
    this.#uses.set(nonce, new Set());
    return nonce;
  }

  #isRight({ method, path, body }: Arrived, given: ReadonlyMap<string, string>): boolean {
    const { user, password, realm, algorithm = 'MD5', isUserHashed } = this.rules;
    const hash = (text: string): string =>
      createHash(HASHES[algorithm.replace('-sess', '')] ?? '')
        .update(text)
        .digest('hex');
    const of = (name: string): string => given.get(name) ?? '';
    const name = given.has('username*') ? decodeURIComponent(of('username*').replace("UTF-8''", '')) : of('username');
    if (name !== (isUserHashed === true ? hash(`${user}:${realm}`) : user)) return false;
    if (of('uri') !== path || of('realm') !== realm || of('opaque') !== 'o"paque') return false;
    const login = hash(`${user}:${realm}:${password}`);
    const who = algorithm.endsWith('-sess') ? hash(`${login}:${of('nonce')}:${of('cnonce')}`) : login;
    const what = hash(`${method}:${path}${of('qop') === 'auth-int' ? `:${hash(body)}` : ''}`);
    const middle = given.has('qop') ? `${of('nc')}:${of('cnonce')}:${of('qop')}:` : '';
    return of('response') === hash(`${who}:${of('nonce')}:${middle}${what}`);
  }
}

function fieldsOf(authorization: string | undefined): Map<string, string> {
  if (authorization?.startsWith('Digest ') !== true) return new Map();
  const fields = authorization.slice(7).matchAll(/([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/gu);
  return new Map(
    [...fields].map(([, name = '', quoted, token]) => [name, quoted?.replaceAll(/\\(.)/gu, '$1') ?? token ?? '']),
  );
}
