import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../tools/stage/free-port.ts';

/** Something that listens, or does not, at an address. */
export interface Peer {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers every call at once, in a process of its own. */
export async function startHealthyPeer(): Promise<Peer> {
  const port = await freePort();
  const program = fileURLToPath(new URL('./healthy-peer.ts', import.meta.url));
  const child = spawn(process.execPath, [program, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const gone = once(child, 'close');
      child.kill();
      await gone;
    },
  };
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
