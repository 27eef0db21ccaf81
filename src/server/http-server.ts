import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { MapwrightError, messageOf } from '../core/error.ts';
import { OpenConnections } from './open-connections.ts';

/** An HTTP server that listens. */
export interface HttpServer {
  /** `http://127.0.0.1:8080`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Takes no more connections, lets running requests end for at most `graceMs`, then cuts them. Others are cut at once. */
  close(graceMs: number): Promise<void>;
}

const BOUNDS = {
  headersTimeout: 15_000,
  // Each request has a limit of its own.
  requestTimeout: 0,
  keepAliveTimeout: 10_000,
  maxHeaderSize: 64 * 1024,
} as const;

/** Serves an app. Port 0 takes a free one. Rejects with SERVER_PORT_IN_USE or SERVER_LISTEN. */
export async function startHttpServer(params: {
  readonly app: Hono;
  readonly host: string;
  readonly port: number;
}): Promise<HttpServer> {
  const { app, host } = params;
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: true });
  const server = createServer(BOUNDS, (incoming, outgoing) => {
    limitBody(incoming);
    void listener(incoming, outgoing);
  });
  const connections = new OpenConnections(server);
  const port = await listen(server, host, params.port);
  return { url: `http://${urlHost(host)}:${port}`, port, close: (graceMs) => connections.close(graceMs) };
}

const BODY_MS = 120_000;
const SILENCE_MS = 60_000;
/** Where files are sent to, which may take long. */
const FILES_PATH = /^\/api\/v1\/files(?:\?|$)/u;

/** A body has to be there in two minutes; a file may take any time as long as it goes on coming. */
function limitBody(incoming: IncomingMessage): void {
  const isFile = incoming.method === 'POST' && FILES_PATH.test(incoming.url ?? '');
  const { socket } = incoming;
  const limitMs = isFile ? SILENCE_MS : BODY_MS;
  let read = socket.bytesRead;
  const timer = setInterval(() => {
    if (isFile && socket.bytesRead > read) read = socket.bytesRead;
    else socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n', () => socket.destroy());
  }, limitMs).unref();
  const over = (): void => clearInterval(timer);
  incoming.once('end', over).once('close', over);
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host, port }, resolve);
  await promise.catch((error: unknown) => {
    throw listenFailure(error, host, port);
  });
  server.off('error', reject);
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function listenFailure(error: unknown, host: string, port: number): MapwrightError {
  const isInUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  if (isInUse) {
    return new MapwrightError('SERVER_PORT_IN_USE', `Port ${port} of ${host} is in use already`, {
      hint: 'stop the program that listens there, or choose another port',
      cause: error,
    });
  }
  return new MapwrightError('SERVER_LISTEN', `Cannot listen on port ${port} of ${host}: ${messageOf(error)}`, {
    hint: 'choose an address of this machine, and a port that this user may open',
    cause: error,
  });
}

function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
