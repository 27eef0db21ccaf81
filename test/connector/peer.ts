import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { CallAnswer, CallFailure, CallOutcome, CallRequest, Connector } from '../../src/core/call.ts';
import { wholeBody } from '../../src/core/large-body.ts';
import { createHttpConnector, type HttpConnectorOptions } from '../../src/connector/http-connector.ts';

/** The other side of a test: a real server on 127.0.0.1 that knows the sockets it holds. */
export interface Peer {
  readonly port: number;
  readonly url: string;
  readonly sockets: ReadonlySet<Socket>;
  /** Connections accepted so far. */
  accepted(): number;
}

const LOCALHOST = { allow: ['127.0.0.0/8:*', 'localhost:*', '[::1]:*'] };

export function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');
}

export async function httpPeer(t: TestContext, listener: RequestListener): Promise<Peer> {
  return listen(t, createServer({ keepAliveTimeout: 60_000 }, listener), 'http');
}

export async function tlsPeer(t: TestContext, pair: string, listener: RequestListener): Promise<Peer> {
  const options = { key: fixture(`${pair}.key.pem`), cert: fixture(`${pair}.cert.pem`) };
  return listen(t, createTlsServer(options, listener), 'https');
}

/** Speaks whatever it likes. */
export async function rawPeer(t: TestContext, onSocket: (socket: Socket) => void): Promise<Peer> {
  return listen(
    t,
    createTcpServer((socket) => {
      socket.on('error', () => {});
      onSocket(socket);
      // A socket that nobody reads does not see its end.
      socket.resume();
    }),
    'http',
  );
}

/** Reads the whole head of a request, then answers with these bytes and, unless told otherwise, hangs up. */
export async function bytesPeer(
  t: TestContext,
  bytes: string | Uint8Array,
  end: 'end' | 'keep' | 'reset' = 'end',
): Promise<Peer> {
  return rawPeer(t, (socket) => {
    socket.once('data', () => {
      socket.write(bytes, () => {
        if (end === 'end') socket.end();
        if (end === 'reset') setImmediate(() => socket.resetAndDestroy());
      });
    });
  });
}

export function connectorFor(t: TestContext, options: Partial<HttpConnectorOptions> = {}): Connector {
  const connector = createHttpConnector({ egress: () => LOCALHOST, clock: { now: () => Date.now() }, ...options });
  t.after(() => connector.close());
  return connector;
}

export function requestTo(url: string, changes: Partial<CallRequest> = {}): CallRequest {
  const limits = { connectTimeoutMs: 5_000, totalTimeoutMs: 10_000, maxAnswerBytes: 1_000_000 };
  return { method: 'GET', url, headers: [], body: undefined, ...limits, ...changes };
}

export function answerOf(outcome: CallOutcome): CallAnswer {
  if (outcome.kind === 'answered') return outcome.answer;
  throw new Error(`no answer but ${outcome.failure.code}: ${outcome.failure.message}`);
}

export function failureOf(outcome: CallOutcome): CallFailure {
  if (outcome.kind === 'failed') return outcome.failure;
  throw new Error(`no failure but an answer with status ${outcome.answer.status}`);
}

export function textOf(answer: CallAnswer): string {
  return Buffer.from(wholeBody(answer.body)).toString();
}

/** Resolves when the peer holds no socket any more; a leak lets the test run into its time limit. */
export async function socketsClosed(peer: Peer): Promise<void> {
  await Promise.all([...peer.sockets].map((socket) => new Promise((resolve) => void socket.once('close', resolve))));
}

/** Starts a server of the test's own on 127.0.0.1. */
export async function listen(t: TestContext, server: Server | TcpServer, protocol: string): Promise<Peer> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `${protocol}://127.0.0.1:${port}/`, sockets, accepted: () => accepted };
}
