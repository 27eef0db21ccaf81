import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers every call at once, from memory. */
export async function createHealthyPeer() {
  const answer = JSON.stringify({ ok: true });
  const server = createServer((incoming, outgoing) => {
    incoming.resume();
    incoming.once('end', () => {
      outgoing.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': answer.length });
      outgoing.end(answer);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  return { url: (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
