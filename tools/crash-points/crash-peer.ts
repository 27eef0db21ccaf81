import { once } from 'node:events';
import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** One request as the other side got it. */
export interface PeerCall {
  readonly path: string;
  /** The key of the step: the same for every try of it. */
  readonly key: string;
  readonly body: unknown;
}

/** The other side: answers every request, and remembers them in order. */
export interface CrashPeer {
  readonly url: string;
  /** The requests since the last call of this. */
  take(): readonly PeerCall[];
  close(): void;
}

/** A peer on a free port of this machine. */
export async function openCrashPeer(): Promise<CrashPeer> {
  const calls: PeerCall[] = [];
  const read = async (request: IncomingMessage): Promise<PeerCall> => ({
    path: request.url ?? '',
    key: String(request.headers['idempotency-key'] ?? ''),
    body: request.method === 'GET' ? undefined : await json(request),
  });
  const server = createServer((request, response) => {
    read(request).then(
      (call) => {
        calls.push(call);
        const answer = call.path === '/session' ? { session: `s${calls.length}` } : { id: `remote-${call.key}` };
        response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
      },
      // The process that was sending it has died.
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => calls.splice(0),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
