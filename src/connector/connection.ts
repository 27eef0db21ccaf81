import type { LookupFunction, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { Client, type Dispatcher } from 'undici';
import type { Clock } from '../core/clock.ts';
import { openSocket, type SetupTimes } from './connection-socket.ts';
import type { Route } from './connection-route.ts';
import { type EgressError, type EgressPolicy, refuseEgress } from './egress-guard.ts';
import { checkedAddresses, judgeBehindProxy } from './egress-lookup.ts';
import type { HostLookup } from './host-lookup.ts';
import type { OutgoingRequest } from './outgoing-request.ts';

/** What a connection needs to come to be. */
interface ConnectionOptions {
  readonly route: Route;
  readonly lookup: HostLookup;
  readonly egress: () => EgressPolicy;
  readonly clock: Clock;
}

/** Names and values of an answer's headers together, and of one header line. */
const MAX_HEADER_BYTES = 64 * 1024;
const IDLE_MS = 4_000;
const LONGEST_IDLE_MS = 60_000;

/**
 * One connection, of HTTP/1.1 or HTTP/2, used by one call at a time. It connects when the first request is dispatched, and again when
 * the other side has closed it meanwhile: a request of which no byte was written is then sent on the new connection,
 * and one of which any byte was written fails (seen in undici 8.12: `Client` re-queues pending requests only, and reads
 * what waits on an idle socket before it writes to it).
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #client: Client;
  readonly #stop = new AbortController();
  #socket: Socket | undefined;
  #broken: NodeJS.ErrnoException | undefined;
  #times: SetupTimes = {};
  /** Whom a proxy was found to reach when this connection was made. */
  #behindProxy: readonly string[] = [];

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { origin, offersHttp2 } = options.route;
    this.#client = new Client(origin, {
      connect: (_target, callback) => {
        this.#open().then(
          (socket) => callback(null, socket),
          (error: Error) => callback(error, null),
        );
      },
      allowH2: offersHttp2,
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

  /** True while bytes of a request wait to leave. */
  get isSending(): boolean {
    return this.isConnected && (this.#socket?.writableLength ?? 0) > 0;
  }

  /** Why a kept connection must not be used now: the policy may have become stricter since it was made. */
  refusal(): EgressError | undefined {
    const { route, egress } = this.#options;
    const { proxy, host, port } = route;
    const address = this.isConnected ? this.#socket?.remoteAddress : undefined;
    if (address === undefined) return undefined;
    if (proxy === undefined) return refuseEgress({ host, port, addresses: [address] }, egress());
    return (
      refuseEgress({ host: proxy.host, port: proxy.port, addresses: [address] }, egress()) ??
      refuseEgress({ host, port, addresses: this.#behindProxy }, egress())
    );
  }

  /** What it took to connect, as far as that has come; told once, so to the call that it was done for. */
  takeTimes(): SetupTimes {
    const times = this.#times;
    this.#times = {};
    return times;
  }

  /** True when the connection broke instead of being closed; a body that ends with the connection is then not whole. */
  get wasReset(): boolean {
    return this.#broken?.code === 'ECONNRESET';
  }

  /** What the other side's TLS said when it broke the connection: undici tells only that it was closed. */
  get tlsAlert(): Error | undefined {
    return this.#broken?.code?.startsWith('ERR_SSL_') === true ? this.#broken : undefined;
  }

  /** Sends a request; whatever happens is told to the handler. */
  dispatch(
    { method, path, headers, body }: Omit<OutgoingRequest, 'body'> & { readonly body: Uint8Array | Readable | null },
    handler: Dispatcher.DispatchHandler,
  ): void {
    const { proxy, isSecure, origin } = this.#options.route;
    if (proxy === undefined || isSecure) {
      this.#client.dispatch({ method, path, headers: [...headers], body }, handler);
      return;
    }
    // Plain http goes to the proxy in absolute form (RFC 9112 section 3.2.2).
    const login = proxy.authorization === undefined ? [] : ['Proxy-Authorization', proxy.authorization];
    this.#client.dispatch({ method, path: `${origin}${path}`, headers: [...headers, ...login], body }, handler);
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

  async #open(): Promise<Socket> {
    const { route, clock } = this.#options;
    this.#times = {};
    this.#behindProxy = route.proxy === undefined ? [] : await judgeBehindProxy(route, this.#options);
    const { host, port } = route.proxy ?? route;
    const parts = { lookup: this.#guardedLookup({ host, port }), clock, times: this.#times, signal: this.#stop.signal };
    const socket = await openSocket(route, parts);
    this.#watch(socket);
    return socket;
  }

  /** Resolves a name, judges every address it has, and gives those very addresses to be dialled: no second resolution. */
  #guardedLookup(target: Pick<Route, 'host' | 'port'>): LookupFunction {
    return (_hostname, { all }, give) => {
      checkedAddresses(target, this.#options).then(
        ([first, ...others]) =>
          all === true ? give(null, [first, ...others]) : give(null, first.address, first.family),
        (error: NodeJS.ErrnoException) => give(error, '', 0),
      );
    };
  }

  #watch(socket: Socket): void {
    this.#socket = socket;
    this.#broken = undefined;
    // Listening before undici does, so that this is known when undici tells the answer's end.
    socket.once('error', (error: NodeJS.ErrnoException) => {
      this.#broken = error;
    });
  }
}
