import { once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { HOSTILITIES } from './documents.ts';

type Hostility = (typeof HOSTILITIES)[number];

const BOMB = gzipSync(Buffer.alloc(64 * 1024 * 1024));
const CHUNK = Buffer.alloc(64 * 1024, 0x20);
const SLOW_MS = 50;

const BEHAVIOUR: Readonly<Record<Hostility, (response: ServerResponse) => void>> = {
  hangs: () => undefined,
  'slow-bytes': (response) => {
    const timer = setInterval(() => response.write(' '), SLOW_MS);
    response.once('close', () => clearInterval(timer));
  },
  endless: (response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(CHUNK));
    };
    response.on('drain', more);
    more();
  },
  'wrong-length': (response) => {
    response.writeHead(200, { 'content-length': 5000 });
    response.write('{"id":');
    setTimeout(() => response.destroy(), SLOW_MS);
  },
  'gzip-bomb': (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' }).end(BOMB);
  },
  reset: (response) => response.socket?.resetAndDestroy(),
  'retry-seconds': (response) => response.writeHead(429, { 'retry-after': '3600' }).end(),
  'retry-date': (response) => {
    response.writeHead(429, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }).end();
  },
  html: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>'),
  'soap-fault': (response) => {
    const fault = '<Envelope><Body><Fault><faultcode>Server</faultcode></Fault></Body></Envelope>';
    response.writeHead(200, { 'content-type': 'text/xml' }).end(fault);
  },
};

/** Does to each call what its path says. */
export async function createHostilePeer() {
  const server = createServer((request, response) => {
    response.on('error', () => undefined);
    request.resume();
    request.once('end', () => {
      const kind = (request.url ?? '').slice(1);
      if (isHostility(kind)) BEHAVIOUR[kind](response);
      else response.writeHead(404).end();
    });
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  return { port: (): number => (server.address() as AddressInfo).port };
}

function isHostility(kind: string): kind is Hostility {
  return Object.hasOwn(BEHAVIOUR, kind);
}
