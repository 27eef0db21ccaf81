import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { CrowdSettings, HOSTILITIES } from './documents.ts';

type Hostility = (typeof HOSTILITIES)[number];
type Behaviour = (response: ServerResponse) => void;

const MIB = 1024 * 1024;
const BOMB = gzipSync(Buffer.alloc(64 * MIB));
const CHUNK = Buffer.alloc(64 * 1024, 0x20);
const SLOW_MS = 50;
const HOUR_MS = 3_600_000;
/** Below what an answer may have, so that it is read to its end. */
const LARGE = 9 * MIB;

const LARGE_HTML = Buffer.from(`<html>${'<p class="text">Welcome to the new portal.</p>\n'.repeat(LARGE / 48)}</html>`);
const LARGE_JSON = Buffer.from(itemList((index) => `{"id":${index},"name":"Item \\"${index}\\"","tags":["a","b"]}`));
const LARGE_NUMBERS = Buffer.from(itemList((index) => `{"id":9007199254740993${index},"price":12.50}`));
const LARGE_XML = Buffer.from(
  `<items>${'<item no="1"><name>Item &amp; more</name></item>\n'.repeat(LARGE / 48)}</items>`,
);
const MANY_LEVELS = Buffer.from(`[${'[1],'.repeat(MIB)}${'['.repeat(600)}`);

const BEHAVIOURS: Readonly<Record<Hostility, Behaviour>> = {
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
  'retry-seconds': retryAfter(() => '3600'),
  'retry-date': retryAfter(() => new Date(Date.now() + HOUR_MS).toUTCString()),
  'retry-past': retryAfter(() => new Date(Date.now() - HOUR_MS).toUTCString()),
  'retry-garbage': retryAfter(() => '-1, soon; 9e99'),
  html: answering('text/html', '<html>Welcome</html>'),
  'large-html': answering('text/html', LARGE_HTML),
  'large-json': answering('application/json', LARGE_JSON),
  'large-numbers': answering('application/json', LARGE_NUMBERS),
  'large-xml': answering('application/xml', LARGE_XML),
  'many-levels': answering('application/json', MANY_LEVELS),
  'many-headers': (response) => {
    for (let index = 0; index < 400; index++) response.appendHeader(`x-header-${index}`, 'some value of a header');
    response.end('{"id":1}');
  },
  'soap-fault': answering('text/xml', '<Envelope><Body><Fault><faultcode>Server</faultcode></Fault></Body></Envelope>'),
};

function itemList(item: (index: number) => string): string {
  const items: string[] = [];
  for (let length = 0; length < LARGE; length += items.at(-1)?.length ?? 0) items.push(item(items.length));
  return `{"items":[${items.join(',')}]}`;
}

function answering(type: string, body: string | Buffer): Behaviour {
  return (response) => response.writeHead(200, { 'content-type': type }).end(body);
}

function retryAfter(value: () => string): Behaviour {
  return (response) => response.writeHead(429, { 'retry-after': value() }).end();
}

/** The path below which every call is answered as it should be. */
const FRIENDLY = '/friendly';

/** Does to each call what its path says. */
export async function createHostilePeer() {
  const receive = (request: IncomingMessage, response: ServerResponse): void => {
    calls++;
    response.on('error', () => undefined);
    request.resume();
    request.once('end', () => behaviourAt(request.url ?? '')(response));
  };
  let calls = 0;
  const plain = await listening(createServer(receive));
  const certificate = {
    key: pem('key'),
    cert: pem('cert'),
  };
  const secure = await listening(createTlsServer(certificate, receive));
  return {
    /** Where a crowd is treated as each path says, or, when it is `friendly`, as it should be. */
    settings({ friendly }: { readonly friendly: boolean }): CrowdSettings {
      const crowd = `http://127.0.0.1:${plain}${friendly ? FRIENDLY : ''}`;
      if (friendly) return { crowd_url: crowd, no_tls_url: crowd, tls_url: crowd };
      return { crowd_url: crowd, no_tls_url: `https://127.0.0.1:${plain}`, tls_url: `https://127.0.0.1:${secure}` };
    },
    /** Calls received since it was asked last; those that end before a request are not among them. */
    received(): number {
      const count = calls;
      calls = 0;
      return count;
    },
  };
}

async function listening(server: Server): Promise<number> {
  server.on('tlsClientError', () => undefined);
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function pem(part: 'key' | 'cert'): string {
  return readFileSync(new URL(`../../test/fixtures/tls/localhost.${part}.pem`, import.meta.url), 'utf8');
}

function behaviourAt(path: string): Behaviour {
  if (path.startsWith(FRIENDLY)) return answering('application/json', '{"id":1}');
  const kind = path.slice(1);
  return isHostility(kind) ? BEHAVIOURS[kind] : (response) => response.writeHead(404).end();
}

function isHostility(kind: string): kind is Hostility {
  return Object.hasOwn(BEHAVIOURS, kind);
}
