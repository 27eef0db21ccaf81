import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** A request as it came. */
export interface Arrived {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or bytes as they are; nothing when left out. */
  readonly body?: unknown;
}

/** A server on this machine that answers as one function says, and keeps what it was asked. */
export class StrictPeer {
  readonly arrived: Arrived[] = [];
  url = '';
  /** Answers in the place of the function, once each. */
  readonly next: Reply[] = [];

  static async open(t: TestContext, answer: (request: Arrived, peer: StrictPeer) => Reply): Promise<StrictPeer> {
    const peer = new StrictPeer();
    const server = createServer((request, response) => void peer.#serve(answer, request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    peer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return peer;
  }

  /** `METHOD /path?query` of each request, the oldest first; forgets them. */
  lines(): string[] {
    return this.arrived.splice(0).map(({ method, path, query }) => {
      const asked = query.toString();
      return `${method} ${path}${asked === '' ? '' : `?${asked}`}`;
    });
  }

  async #serve(
    answer: (request: Arrived, peer: StrictPeer) => Reply,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', headers } = request;
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', this.url);
    const arrived = { method, path, query, headers, body: Buffer.concat(chunks) };
    this.arrived.push(arrived);
    const { status, headers: more = {}, body } = this.next.shift() ?? answer(arrived, this);
    const bytes = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    const type = body === undefined || Buffer.isBuffer(body) ? {} : { 'content-type': 'application/json' };
    response.writeHead(status, { ...type, ...more }).end(bytes);
  }
}
