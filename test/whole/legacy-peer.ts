import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { Json } from '../../src/core/json.ts';

/** A server that keeps the JSON bodies it gets, and answers questions for places. */
export interface LegacyPeer {
  readonly url: string;
  readonly bodies: readonly Json[];
  /** The addresses it was asked for. */
  readonly asked: readonly string[];
  /** While true, nobody gets an answer to a question for a place. */
  geocoderIsDown: boolean;
}

/** A peer of its own for a test. */
export async function openLegacyPeer(t: TestContext): Promise<LegacyPeer> {
  const bodies: Json[] = [];
  const asked: string[] = [];
  const peer = { url: '', bodies, asked, geocoderIsDown: false };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://peer');
    if (url.pathname !== '/search') {
      bodies.push(JSON.parse(await bodyOf(request)) as Json);
      response.setHeader('Content-Type', 'application/json').end('{"ok":true}');
      return;
    }
    asked.push(url.searchParams.get('q') ?? '');
    if (peer.geocoderIsDown) request.socket.destroy();
    else response.end('[{"lat":"48.85","lon":"2.35"}]');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  peer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return peer;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
