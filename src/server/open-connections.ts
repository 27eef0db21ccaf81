import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const SWEEP_MS = 50;

/**
 * The connections of an HTTP server, each with how many of its requests are under way. Node's own closing keeps one open
 * that has sent nothing, or half a request, as if it were at work: a browser that connects in advance would hold the
 * server for as long as the time of grace.
 */
export class OpenConnections {
  readonly #server: Server;
  readonly #requests = new Map<Socket, number>();

  /** Watches a server from before it listens. */
  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.#requests.set(socket, 0);
      socket.once('close', () => this.#requests.delete(socket));
    });
    server.on('request', ({ socket }, response) => {
      this.#count(socket, 1);
      response.once('close', () => this.#count(socket, -1));
    });
  }

  /** Takes no more connections and requests, lets those under way end for at most `graceMs`, then cuts them. */
  async close(graceMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    const late = setTimeout(() => this.#server.closeAllConnections(), graceMs);
    // The first look comes a moment later: a request whose head is just arriving is still answered.
    const sweep = setInterval(() => this.#cutUnused(), SWEEP_MS);
    await promise;
    clearTimeout(late);
    clearInterval(sweep);
  }

  #count(socket: Socket, change: 1 | -1): void {
    const requests = this.#requests.get(socket);
    if (requests !== undefined) this.#requests.set(socket, requests + change);
  }

  #cutUnused(): void {
    for (const [socket, requests] of this.#requests) if (requests === 0) socket.destroySoon();
  }
}
