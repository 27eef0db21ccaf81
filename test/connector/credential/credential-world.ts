import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import type { CallControl, CallOutcome, CallRequest, Connector } from '../../../src/core/call.ts';
import type { Clock } from '../../../src/core/clock.ts';
import type { Credential, OAuthGrant } from '../../../src/core/credential.ts';
import { createCredentialedConnector } from '../../../src/connector/credential/credentialed-connector.ts';
import { TokenKeeper } from '../../../src/connector/credential/token-keeper.ts';
import { createHttpConnector } from '../../../src/connector/http-connector.ts';
import type { Store } from '../../../src/store/store.ts';
import { freshStore } from '../../contract/test-install.ts';
import { sqliteInstall } from '../../store/sqlite-install.ts';

export type OAuth = Extract<Credential, { kind: 'oauth2' }>;

/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly form: URLSearchParams;
}

/** A real server that keeps what arrives. */
export interface Listening {
  readonly url: string;
  readonly arrived: Arrived[];
}

type Answer = (request: Arrived, response: ServerResponse) => void | Promise<void>;

export async function listening(t: TestContext, answer: Answer): Promise<Listening> {
  const arrived: Arrived[] = [];
  const url = await served(t, (request, response) => {
    void text(request).then(async (body) => {
      const { method = '', url: path = '', headers } = request;
      const one = { method, path, headers, body, form: new URLSearchParams(body) };
      arrived.push(one);
      await answer(one, response);
    });
  });
  return { url, arrived };
}

async function served(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A provider's answer as JSON. */
export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** What calls with credentials are made with, on one store; several of them are as many nodes. */
export interface Node {
  readonly connector: Connector;
  readonly keeper: TokenKeeper;
  readonly inner: Connector;
}

export interface World {
  readonly store: Store;
  readonly clock: MovableClock;
  node(): Node;
}

export class MovableClock implements Clock {
  #ahead = 0;

  now(): number {
    return Date.now() + this.#ahead;
  }

  forward(ms: number): void {
    this.#ahead += ms;
  }
}

export async function openWorld(t: TestContext): Promise<World> {
  const store = await freshStore(t, sqliteInstall);
  const clock = new MovableClock();
  return { store, clock, node: () => openNode(t, store, clock) };
}

export function openNode(t: Pick<TestContext, 'after'>, store: Pick<Store, 'tokens' | 'sealer'>, clock: Clock): Node {
  const inner = createHttpConnector({ egress: () => ({ allow: ['127.0.0.1:*'] }), clock });
  const keeper = new TokenKeeper({ tokens: store.tokens, sealer: store.sealer, clock });
  const connector = createCredentialedConnector(inner, { keeper, clock });
  t.after(() => connector.close());
  return { connector, keeper, inner };
}

/** A GET of an address with a credential. */
export function calling(url: string, credential: Credential, more: Partial<CallRequest> = {}): CallRequest {
  const limits = { connectTimeoutMs: 5_000, totalTimeoutMs: 20_000, maxAnswerBytes: 1024 * 1024 };
  return { method: 'GET', url, headers: [], body: undefined, ...limits, credential, ...more };
}

export function call(
  { connector }: Node,
  url: string,
  credential: Credential,
  control: CallControl = {},
): Promise<CallOutcome> {
  return connector.send(calling(url, credential), control);
}

/** What came of a call: a status, or the code of its failure. */
export function came(outcome: CallOutcome): number | string {
  return outcome.kind === 'answered' ? outcome.answer.status : outcome.failure.code;
}

/** A credential for a token endpoint, with client `crm` and secret `s3cret value`. */
export function oauth(tokenUrl: string, grant: OAuthGrant, more: Partial<OAuth> = {}): OAuth {
  return {
    kind: 'oauth2',
    name: 'docs',
    subject: '',
    grant,
    tokenUrl,
    refreshUrl: undefined,
    client: { id: 'crm', secret: CLIENT_SECRET, authentication: 'basic', key: undefined },
    scopes: [],
    audience: undefined,
    parameters: [],
    send: { in: 'header', name: 'Authorization', prefix: 'Bearer' },
    renewal: { beforeMs: 60_000, onStatuses: [401] },
    ...more,
  };
}

export const CLIENT_SECRET = 'a client secret: 100% & more';
