import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** One request as the peer got it. */
export interface PeerRequest {
  readonly operation: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
}

/** What the peer does instead of answering as it should. */
export type Misbehaviour = (response: ServerResponse, request: PeerRequest) => void;

/** Answers nothing, and keeps the connection. */
export const hang: Misbehaviour = () => {};

/** Sends JSON with status 200. */
export function answerJson(value: unknown): Misbehaviour {
  return (response) => void response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
}

/** A web service that answers challenge, login, create, revise and logout, unless it is told to misbehave. */
export interface HostilePeer {
  readonly url: string;
  readonly key: string;
  readonly requests: readonly PeerRequest[];
  readonly openSessions: ReadonlySet<string>;
  /** Every token and session name it has handed out. */
  readonly handedOut: readonly string[];
  /** Products by the identifier of the request that made them. */
  readonly products: ReadonlyMap<string, string>;
  /** The most requests that were without an answer at one time. */
  mostAtOnce(): number;
  /** The next `times` requests of the operation get this; without `times`, all of them. */
  misbehave(operation: string, misbehaviour: Misbehaviour, times?: number): void;
  /** From now on the operation is answered as it should be; requests that hang are answered too. */
  behave(operation: string): void;
  /** The requests of an operation, oldest first. */
  of(operation: string): readonly PeerRequest[];
}

/** A peer on a free port of this machine, closed after the test. */
export async function openHostilePeer(t: TestContext): Promise<HostilePeer> {
  const peer = new Peer();
  const server = createServer((request, response) => void peer.receive(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  peer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return peer;
}

class Peer implements HostilePeer {
  url = '';
  readonly key = `key-${randomUUID()}`;
  readonly requests: PeerRequest[] = [];
  readonly openSessions = new Set<string>();
  readonly handedOut: string[] = [];
  readonly products = new Map<string, string>();
  readonly #misbehaviours = new Map<string, { readonly act: Misbehaviour; left: number }>();
  readonly #hanging = new Set<{ readonly request: PeerRequest; readonly response: ServerResponse }>();
  #tokens = new Set<string>();
  #atOnce = 0;
  #mostAtOnce = 0;

  mostAtOnce(): number {
    return this.#mostAtOnce;
  }

  misbehave(operation: string, act: Misbehaviour, times = Number.POSITIVE_INFINITY): void {
    this.#misbehaviours.set(operation, { act, left: times });
  }

  behave(operation: string): void {
    this.#misbehaviours.delete(operation);
    for (const held of this.#hanging) {
      if (held.request.operation !== operation) continue;
      this.#hanging.delete(held);
      this.#answer(held.request, held.response);
    }
  }

  of(operation: string): readonly PeerRequest[] {
    return this.requests.filter((request) => request.operation === operation);
  }

  async receive(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    this.requests.push(request);
    this.#atOnce += 1;
    this.#mostAtOnce = Math.max(this.#mostAtOnce, this.#atOnce);
    response.on('close', () => (this.#atOnce -= 1));
    const misbehaviour = this.#misbehaviours.get(request.operation);
    if (misbehaviour === undefined || misbehaviour.left === 0) return this.#answer(request, response);
    misbehaviour.left -= 1;
    if (misbehaviour.act === hang) this.#hanging.add({ request, response });
    misbehaviour.act(response, request);
  }

  #answer(request: PeerRequest, response: ServerResponse): void {
    const result = this.#perform(request);
    const answer = typeof result === 'string' ? { success: false, error: { code: result } } : { success: true, result };
    answerJson(answer)(response, request);
  }

  /** The result, or the code of a refusal. */
  #perform({ operation, parameters }: PeerRequest): object | string {
    switch (operation) {
      case 'getchallenge':
        return { token: this.#handOut(this.#tokens) };
      case 'login':
        return this.#isRight(parameters['accessKey'] ?? '')
          ? { sessionName: this.#handOut(this.openSessions), userId: '19x1' }
          : 'INVALID_USER_CREDENTIALS';
      case 'logout':
        this.openSessions.delete(parameters['sessionName'] ?? '');
        return { message: 'successfull' };
      case 'create':
        if (!this.openSessions.has(parameters['sessionName'] ?? '')) return 'AUTHENTICATION_REQUIRED';
        return { id: this.#make(parameters) };
      default:
        return {};
    }
  }

  #make({ cbwsOptions = '{}' }: PeerRequest['parameters']): string {
    const options = JSON.parse(cbwsOptions) as { ClientRequestIdentifier?: string };
    const identifier = options.ClientRequestIdentifier ?? randomUUID();
    const id = this.products.get(identifier) ?? `14x${100 + this.products.size}`;
    this.products.set(identifier, id);
    return id;
  }

  #isRight(accessKey: string): boolean {
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    return [...this.#tokens].some((token) => md5(token + this.key) === accessKey);
  }

  #handOut(among: Set<string>): string {
    const name = randomUUID().replaceAll('-', '');
    among.add(name);
    this.handedOut.push(name);
    return name;
  }
}

async function readRequest(incoming: IncomingMessage): Promise<PeerRequest> {
  const body: Buffer[] = [];
  for await (const chunk of incoming) body.push(chunk as Buffer);
  const query = new URL(incoming.url ?? '/', 'http://peer').searchParams;
  const form = new URLSearchParams(Buffer.concat(body).toString());
  const parameters = Object.fromEntries([...query, ...form]);
  return { operation: parameters['operation'] ?? incoming.url ?? '', parameters, headers: incoming.headers };
}
