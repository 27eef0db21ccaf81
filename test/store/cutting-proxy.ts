import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** Where a connection is cut at a statement: before it reaches the server, or when the server has answered it. */
export type Cut = 'unsent' | 'unanswered';

/** PostgreSQL's protocol, version 3: what ends a statement (Sync, Query), and what the server says after it. */
const ENDS: readonly (number | undefined)[] = [0x53, 0x51];
const READY = 0x5a;
const HEADER_BYTES = 5;
const STARTUP_BYTES = 4;

/** Stands between a node and its server, and cuts the connection at the one statement that it is told. */
export class CuttingProxy {
  /** The address of the database through the proxy. */
  url = '';
  /** How many statements came while it was to cut. */
  statements = 0;
  #cutAt: { readonly statement: number; readonly how: Cut } | undefined;

  static async open(t: TestContext, url: string): Promise<CuttingProxy> {
    const target = new URL(url);
    const sockets = new Set<Socket>();
    const proxy = new CuttingProxy();
    const server = createServer((client) => {
      const upstream = connect(Number(target.port), target.hostname);
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.setNoDelay(true);
        socket.on('close', () => void sockets.delete(socket)).on('error', () => undefined);
      }
      proxy.#join(client, upstream);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
    const through = new URL(url);
    through.port = String(address.port);
    proxy.url = through.href;
    return proxy;
  }

  /** From now on the n-th statement, counted from 1 over all connections, loses its connection; none after it does. */
  cut(statement: number, how: Cut): void {
    this.statements = 0;
    this.#cutAt = { statement, how };
  }

  /** Cuts nothing any more; true when it has cut. */
  disarm(): boolean {
    const hasCut = this.#cutAt === undefined;
    this.#cutAt = undefined;
    return hasCut;
  }

  #join(client: Socket, upstream: Socket): void {
    let isMute = false;
    let awaited = 0;
    const end = () => void [client.destroy(), upstream.destroy()];
    client.on('close', end);
    upstream.on('close', end);
    const statements = new Messages(true, (message) => {
      if (ENDS.includes(message[0]) && this.#isNext()) {
        const how = this.#cutAt?.how;
        this.#cutAt = undefined;
        isMute = true;
        if (how === 'unsent') return end();
        awaited++;
        return void upstream.write(message);
      }
      // What was sent together with the statement must not reach the server either.
      if (isMute) return undefined;
      if (ENDS.includes(message[0])) awaited++;
      return void upstream.write(message);
    });
    const answers = new Messages(false, (message) => {
      if (message[0] === READY && awaited > 0) awaited--;
      if (isMute && awaited === 0) return end();
      return isMute ? undefined : void client.write(message);
    });
    client.on('data', (chunk: Buffer) => statements.add(chunk));
    upstream.on('data', (chunk: Buffer) => answers.add(chunk));
  }

  #isNext(): boolean {
    if (this.#cutAt === undefined) return false;
    this.statements++;
    return this.statements === this.#cutAt.statement;
  }
}

/** Cuts a stream into messages; the first of a client has no type. */
class Messages {
  #bytes = Buffer.alloc(0);
  #isStartup: boolean;
  readonly #onMessage: (message: Buffer) => void;

  constructor(isClient: boolean, onMessage: (message: Buffer) => void) {
    this.#isStartup = isClient;
    this.#onMessage = onMessage;
  }

  add(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    for (;;) {
      const header = this.#isStartup ? STARTUP_BYTES : HEADER_BYTES;
      if (this.#bytes.length < header) return;
      const length = this.#bytes.readInt32BE(header - STARTUP_BYTES) + header - STARTUP_BYTES;
      if (this.#bytes.length < length) return;
      const message = this.#bytes.subarray(0, length);
      this.#bytes = this.#bytes.subarray(length);
      this.#isStartup = false;
      this.#onMessage(message);
    }
  }
}
