import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { freePort } from '../../tools/stage/free-port.ts';
import { BenchProcess, endFirst } from '../process/child-process.ts';

/** Something that listens, or does not, at an address. */
export interface Peer {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers every call at once, in a process of its own. */
export async function startHealthyPeer(): Promise<Peer> {
  const child = new BenchProcess('healthy-peer');
  const url = await child.ask('url', undefined).catch(endFirst(child));
  return { url, close: () => child.end() };
}

/** Accepts connections and never answers. */
export async function startHangingPeer(): Promise<Peer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.resume();
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Nobody is there: connections are refused. */
export async function nobody(): Promise<Peer> {
  return { url: `http://127.0.0.1:${await freePort()}`, close: async () => undefined };
}
