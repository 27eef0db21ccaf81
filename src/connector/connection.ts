import type { LookupFunction, Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { buildConnector, Client, type Dispatcher } from 'undici';
import { refuseEgress, type EgressPolicy } from './egress-guard.ts';
import type { HostAddress, HostLookup } from './host-lookup.ts';

/** What a connection needs to come to be. */
interface ConnectionOptions {
  /** `https://example.com:8443`. */
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  readonly lookup: HostLookup;
  readonly egress: () => EgressPolicy;
  readonly secureContext: SecureContext;
}

/** Names and values of an answer's headers together, and of one header line. */
const MAX_HEADER_BYTES = 64 * 1024;
const IDLE_MS = 4_000;
const LONGEST_IDLE_MS = 60_000;

/**
 * One HTTP/1.1 connection, used by one call at a time. It connects when the first request is dispatched, and again when
 * the other side has closed it meanwhile: a request of which no byte was written is then sent on the new connection,
 * and one of which any byte was written fails (seen in undici 8.12: `Client` re-queues pending requests only, and reads
 * what waits on an idle socket before it writes to it).
 */
export class Connection {
  readonly #client: Client;
  readonly #stop = new AbortController();
  #socket: Socket | undefined;
  #wasReset = false;

  constructor(options: ConnectionOptions) {
    this.#client = new Client(options.origin, {
      connect: this.#connector(options),
      pipelining: 1,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: LONGEST_IDLE_MS,
      // Time limits are the call's.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  get isConnected(): boolean {
    return this.#socket !== undefined && !this.#socket.destroyed;
  }

  /** Whom it is connected to; undefined as long as it is not. */
  get remoteAddress(): string | undefined {
    return this.isConnected ? this.#socket?.remoteAddress : undefined;
  }

  /** True when the connection broke instead of being closed; a body that ends with the connection is then not whole. */
  get wasReset(): boolean {
    return this.#wasReset;
  }

  /** Sends a request; whatever happens is told to the handler. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#client.dispatch(options, handler);
  }

  /** Tells when the other side closes it, or when it has been idle for too long. */
  onDisconnect(listener: () => void): void {
    this.#client.on('disconnect', listener);
  }

  /** Closes the socket, also one that is only being opened. Resolves when it is closed. */
  async destroy(): Promise<void> {
    const destroyed = this.#client.destroy();
    // A socket that is still connecting is not known to the client yet.
    this.#stop.abort();
    await destroyed;
  }

  #connector(options: ConnectionOptions): buildConnector.connector {
    const connect = buildConnector({
      lookup: guardedLookup(options),
      signal: this.#stop.signal,
      ...(options.origin.startsWith('https:') ? { secureContext: options.secureContext } : {}),
      // Given, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch it off.
      rejectUnauthorized: true,
      allowH2: false,
      // A resumed TLS session is not asked for its host name again, and a session is kept before it has been asked once.
      maxCachedSessions: 0,
      timeout: 0,
    });
    return (target, callback) =>
      connect(target, (...result) => {
        if (result[0] === null) this.#watch(result[1]);
        callback(...result);
      });
  }

  #watch(socket: Socket): void {
    this.#socket = socket;
    this.#wasReset = false;
    // Listening before undici does, so that this is known when undici tells the answer's end.
    socket.once('error', (error: NodeJS.ErrnoException) => {
      this.#wasReset = error.code === 'ECONNRESET';
    });
  }
}

/** Resolves a name, judges every address it has, and gives those very addresses to be dialled: no second resolution. */
function guardedLookup(options: ConnectionOptions): LookupFunction {
  return (hostname, { all }, give) => {
    checkedAddresses(hostname, options).then(
      ([first, ...others]) => (all === true ? give(null, [first, ...others]) : give(null, first.address, first.family)),
      (error: NodeJS.ErrnoException) => give(error, '', 0),
    );
  };
}

async function checkedAddresses(
  hostname: string,
  options: ConnectionOptions,
): Promise<[HostAddress, ...HostAddress[]]> {
  const { host, port, lookup, egress } = options;
  const [first, ...others] = await lookup(hostname);
  if (first === undefined) throw Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' });
  const addresses = [first, ...others].map(({ address }) => address);
  const refusal = refuseEgress({ host, port, addresses }, egress());
  if (refusal !== undefined) throw refusal;
  return [first, ...others];
}
