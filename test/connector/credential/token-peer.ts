import type { TestContext } from 'node:test';
import { type Arrived, json, listening } from './credential-world.ts';

/** A token endpoint and an API on one server; the endpoint rotates refresh tokens and forgets those that come twice. */
export interface TokenPeer {
  readonly url: string;
  readonly tokenUrl: string;
  /** Requests for tokens. */
  readonly asked: Arrived[];
  /** Tokens that calls of the API carried. */
  readonly carried: string[];
  /** Refresh tokens that came more than once. */
  readonly usedTwice: string[];
  /** What the endpoint answers in the place of a token, as long as it is set. */
  trouble: Trouble | 'cut' | undefined;
  /** Held before each answer of the endpoint. */
  gate: Promise<void>;
  /** Every token given so far no longer counts. */
  revoke(): void;
}

interface Trouble {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
  readonly retryAfter?: string;
}

export interface TokenPeerOptions {
  /** Seconds; undefined: nothing is said about it. */
  readonly expiresIn?: number | string;
  readonly refreshes?: boolean;
}

export async function tokenPeer(t: TestContext, options: TokenPeerOptions = {}): Promise<TokenPeer> {
  const { expiresIn = 3_600, refreshes = false } = options;
  let given = 0;
  let countsFrom = 1;
  const used = new Set<string>();
  const server = await listening(t, async (request, response) => {
    if (request.path !== '/token') {
      const token = /^Bearer token-(\d+)$/u.exec(request.headers.authorization ?? '')?.[1] ?? '0';
      peer.carried.push(token);
      return json(response, { token }, Number(token) >= countsFrom ? 200 : 401);
    }
    peer.asked.push(request);
    await peer.gate;
    const { trouble } = peer;
    if (trouble === 'cut') return void response.destroy();
    if (trouble !== undefined) {
      const { status, body, type = 'application/json', retryAfter } = trouble;
      const pause = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
      return void response.writeHead(status, { 'content-type': type, ...pause }).end(body);
    }
    const refresh = request.form.get('refresh_token');
    if (refresh !== null && used.has(refresh)) peer.usedTwice.push(refresh);
    if (refresh !== null) used.add(refresh);
    given++;
    const token = { access_token: `token-${given}`, token_type: 'Bearer', expires_in: expiresIn };
    json(response, refreshes ? { ...token, refresh_token: `refresh-${given}` } : token);
  });
  const peer: TokenPeer = {
    url: `${server.url}/api`,
    tokenUrl: `${server.url}/token`,
    asked: [],
    carried: [],
    usedTwice: [],
    trouble: undefined,
    gate: Promise.resolve(),
    revoke: () => void (countsFrom = given + 1),
  };
  return peer;
}
