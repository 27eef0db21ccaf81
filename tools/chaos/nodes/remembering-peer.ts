import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What came of one key. Times are milliseconds since the epoch. */
export interface Execution {
  readonly key: string;
  readonly run: number;
  readonly task: string;
  /** Among all executions, from 0. */
  readonly order: number;
  arrivals: number;
  lastAt: number;
}

/** The other side: acts once for each Idempotency-Key, however often it comes, and remembers in which order. */
export class RememberingPeer {
  readonly url: string;
  readonly executions = new Map<string, Execution>();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async open(random: () => number): Promise<RememberingPeer> {
    const server = createServer((request, response) => {
      peer.#remember(String(request.headers['idempotency-key']));
      request.resume();
      // Calls have to be under way for something to happen to them.
      void pause(random() * LONGEST_ANSWER_MS).then(() => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ done: String(request.headers['idempotency-key']) }));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const peer = new RememberingPeer(server);
    return peer;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #remember(key: string): void {
    const known = this.executions.get(key);
    if (known !== undefined) {
      known.arrivals++;
      known.lastAt = Date.now();
      return;
    }
    const [, run = '0', task = ''] = /-(\d+)-([a-z]+)$/u.exec(key) ?? [];
    const order = this.executions.size;
    this.executions.set(key, { key, run: Number(run), task, order, arrivals: 1, lastAt: Date.now() });
  }
}

const LONGEST_ANSWER_MS = 40;
