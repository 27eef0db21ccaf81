import type { SecureContext } from 'node:tls';
import { isIP } from 'node:net';
import type { CallControl, CallOutcome, CallRequest, Connector } from '../core/call.ts';
import { MapwrightError } from '../core/error.ts';
import type { Clock } from '../core/clock.ts';
import type { Connection } from './connection.ts';
import { ConnectionError } from './connection-error.ts';
import { ConnectionPool } from './connection-pool.ts';
import { type ConnectionRules, connectionRules, proxyRoute, type Route } from './connection-route.ts';
import { secureContextOf } from './connection-security.ts';
import { refuseEgress, type EgressPolicy } from './egress-guard.ts';
import { abortedFailure, failureOf, type FailureReason } from './failure.ts';
import { shareLookups, systemLookup, type HostLookup } from './host-lookup.ts';
import { HttpCall } from './http-call.ts';
import { compressed } from './http-compression.ts';
import { sendFollowing } from './http-redirect.ts';
import { prepareRequest, type OutgoingRequest } from './outgoing-request.ts';

/** How calls are made; everything but the policy and the clock has a default. */
export interface HttpConnectorOptions {
  /** What may be called besides public addresses; asked at each call. */
  readonly egress: () => EgressPolicy;
  readonly clock: Clock;
  /** Connections in use at once to one origin; further calls wait in turn, within their connect time. A service may say another number. Default 64. */
  readonly maxConnectionsPerOrigin?: number;
  /** Origins whose connections are kept; beyond it unused ones are closed, the longest unused first. Default 64. */
  readonly maxOrigins?: number;
  /** Sent unless the request has one of its own. Default `Mapwright`. */
  readonly userAgent?: string;
  /** PEM: certificate authorities trusted besides the system's. */
  readonly extraCertificates?: string;
  /** How host names are resolved. Default: the system's resolver. */
  readonly lookup?: HostLookup;
}

/**
 * Makes calls over HTTP and TLS. Unless a request's network rules say otherwise TLS is verified, redirects are answers and
 * HTTP/1.1 is spoken; nothing is retried, and no address is dialled, a proxy's or a redirect's neither, that the egress
 * policy does not allow. Throws CALL_CERTIFICATES when `extraCertificates` cannot be read.
 */
export function createHttpConnector(options: HttpConnectorOptions): Connector {
  return new HttpConnector(options);
}

/** What opens connections. undici, which it rests on, is as much to load as all else of a command, and most make no call. */
interface ConnectionModule {
  readonly Connection: typeof Connection;
}

/** What a pool's connections are made for and with, besides the rules. */
interface PoolParts {
  readonly outgoing: OutgoingRequest;
  readonly proxy: Route['proxy'];
  readonly connections: ConnectionModule;
}

class HttpConnector implements Connector {
  readonly #options: HttpConnectorOptions;
  readonly #lookup: HostLookup;
  readonly #authorities: readonly string[];
  readonly #secureContext: SecureContext;
  /** In the order of their last use. */
  readonly #pools = new Map<string, ConnectionPool>();
  readonly #calls = new Set<HttpCall>();
  #loaded: Promise<ConnectionModule> | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: HttpConnectorOptions) {
    this.#options = options;
    this.#lookup = shareLookups(options.lookup ?? systemLookup);
    this.#authorities = options.extraCertificates === undefined ? [] : [options.extraCertificates];
    this.#secureContext = trusting(this.#authorities);
  }

  async send(request: CallRequest, control: CallControl = {}): Promise<CallOutcome> {
    const { clock } = this.#options;
    if (request.network === undefined) return this.#sendOnce(request, control);
    const startedAt = clock.now();
    try {
      const wanted = await compressed(request);
      return await sendFollowing(wanted, { send: (hop) => this.#sendOnce(hop, control), now: () => clock.now() });
    } catch (error) {
      return this.#unsent(unsentReason(error), startedAt);
    }
  }

  async #sendOnce(request: CallRequest, control: CallControl): Promise<CallOutcome> {
    this.#loaded ??= import('./connection.ts');
    const connections = await this.#loaded;
    const { clock } = this.#options;
    const startedAt = clock.now();
    if (this.#closed !== undefined) return this.#unsent(abortedFailure('the connector is closed'), startedAt);
    try {
      const outgoing = prepareRequest(request, this.#options.userAgent ?? 'Mapwright');
      // No name is resolved for a literal address, so it is judged here; names are judged when they are resolved.
      this.#judgeLiteral(outgoing);
      const rules = connectionRules(request, outgoing);
      const { proxy: named } = rules.network;
      const proxy = named === undefined ? undefined : proxyRoute(named);
      if (proxy !== undefined) this.#judgeLiteral(proxy);
      const pool = this.#poolFor(rules, { outgoing, proxy, connections });
      const plainProxy = outgoing.origin.startsWith('https:') ? undefined : proxy;
      return await this.#run(new HttpCall({ request, outgoing, pool, plainProxy, clock, startedAt, control }));
    } catch (error) {
      return this.#unsent(unsentReason(error), startedAt);
    }
  }

  /** Aborts the calls in flight; resolves when every socket is closed. */
  close(): Promise<void> {
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  async #closeAll(): Promise<void> {
    for (const call of this.#calls) call.abort('the connector was closed');
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }

  async #run(call: HttpCall): Promise<CallOutcome> {
    this.#calls.add(call);
    const outcome = await call.run();
    this.#calls.delete(call);
    return outcome;
  }

  #judgeLiteral({ host, port }: Pick<Route, 'host' | 'port'>): void {
    if (isIP(host) === 0) return;
    const refusal = refuseEgress({ host, port, addresses: [host] }, this.#options.egress());
    if (refusal !== undefined) throw refusal;
  }

  #poolFor(rules: ConnectionRules, parts: PoolParts): ConnectionPool {
    const known = this.#pools.get(rules.key);
    const pool = known ?? this.#newPool(rules, parts);
    this.#pools.delete(rules.key);
    if (known === undefined) this.#makeRoom();
    this.#pools.set(rules.key, pool);
    return pool;
  }

  #newPool({ network, certificate }: ConnectionRules, { outgoing, proxy, connections }: PoolParts): ConnectionPool {
    const { egress, clock } = this.#options;
    const { origin, host, port } = outgoing;
    const isSecure = origin.startsWith('https:');
    const { authority, minTls } = network;
    const isUsual = authority === undefined && minTls === undefined && certificate === undefined;
    const authorities = [...this.#authorities, ...(authority === undefined ? [] : [authority])];
    const route: Route = {
      origin,
      host,
      port,
      isSecure,
      proxy,
      secureContext: isUsual || !isSecure ? this.#secureContext : secureContextOf({ authorities, minTls, certificate }),
      proxySecureContext:
        proxy?.isSecure === true && authority !== undefined
          ? secureContextOf({ authorities, minTls: undefined, certificate: undefined })
          : this.#secureContext,
      isVerified: network.verify !== false,
      offersHttp2: network.http2 === true,
    };
    return new ConnectionPool({
      maxConnections: network.connections ?? this.#options.maxConnectionsPerOrigin ?? 64,
      open: () => new connections.Connection({ route, lookup: this.#lookup, egress, clock }),
    });
  }

  /** Origins that are all in use may exceed the number for a while: calls are not refused for it. */
  #makeRoom(): void {
    for (const [origin, pool] of this.#pools) {
      if (this.#pools.size < (this.#options.maxOrigins ?? 64)) return;
      if (!pool.isUnused) continue;
      this.#pools.delete(origin);
      void pool.close();
    }
  }

  #unsent(reason: FailureReason, startedAt: number): CallOutcome {
    const durationMs = this.#options.clock.now() - startedAt;
    return { kind: 'failed', failure: { ...reason, inDoubt: false, durationMs, partial: undefined } };
  }
}

function unsentReason(error: unknown): FailureReason {
  return failureOf(error, { target: 'the other side', isSent: false, isAnswering: false });
}

function trusting(authorities: readonly string[]): SecureContext {
  try {
    return secureContextOf({ authorities, minTls: undefined, certificate: undefined });
  } catch (cause) {
    if (!(cause instanceof ConnectionError)) throw cause;
    throw new MapwrightError('CALL_CERTIFICATES', `extra certificates: ${cause.message}`, {
      hint: cause.hint ?? '',
      cause,
    });
  }
}
