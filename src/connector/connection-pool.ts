import type { Connection } from './connection.ts';

/** Gets a connection to use alone until it is given back or dropped. */
type ConnectionTaker = (connection: Connection) => void;

/** The connections to one origin: idle ones are used again, the latest first; at most `maxConnections` are in use at once. */
export class ConnectionPool {
  readonly #open: () => Connection;
  readonly #maxConnections: number;
  readonly #idle: Connection[] = [];
  readonly #busy = new Set<Connection>();
  readonly #waiting = new Set<ConnectionTaker>();
  readonly #closing = new Set<Promise<void>>();

  constructor(params: { readonly open: () => Connection; readonly maxConnections: number }) {
    this.#open = params.open;
    this.#maxConnections = params.maxConnections;
  }

  /** True when no call uses or awaits a connection. */
  get isUnused(): boolean {
    return this.#busy.size === 0 && this.#waiting.size === 0;
  }

  /** Hands over a connection, at once or in turn. The function given back leaves the queue. */
  take(taker: ConnectionTaker): () => void {
    if (this.#busy.size < this.#maxConnections) this.#handOver(taker);
    else this.#waiting.add(taker);
    return () => this.#waiting.delete(taker);
  }

  /** The call is over and the connection is fit for another. */
  give(connection: Connection): void {
    if (!this.#busy.delete(connection)) return;
    if (connection.isConnected) this.#idle.push(connection);
    else this.#close(connection);
    this.#next();
  }

  /** The call has broken off: the connection is closed. */
  drop(connection: Connection): void {
    this.#close(connection);
    if (this.#busy.delete(connection)) this.#next();
  }

  /** Closes all connections, used ones too; resolves when their sockets are closed. */
  async close(): Promise<void> {
    this.#waiting.clear();
    for (const connection of [...this.#idle.splice(0), ...this.#busy]) this.#close(connection);
    await Promise.all(this.#closing);
  }

  #close(connection: Connection): void {
    const closed = connection.destroy().finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
  }

  #next(): void {
    const [taker] = this.#waiting;
    if (taker === undefined) return;
    this.#waiting.delete(taker);
    this.#handOver(taker);
  }

  #handOver(taker: ConnectionTaker): void {
    const connection = this.#idle.pop() ?? this.#opened();
    this.#busy.add(connection);
    taker(connection);
  }

  #opened(): Connection {
    const connection = this.#open();
    connection.onDisconnect(() => {
      const index = this.#idle.indexOf(connection);
      if (index === -1) return;
      this.#idle.splice(index, 1);
      this.#close(connection);
    });
    return connection;
  }
}
