import { X509Certificate } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { isIP } from 'node:net';
import type { CallControl, CallOutcome, CallRequest, Connector } from '../core/call.ts';
import { MapwrightError, messageOf } from '../core/error.ts';
import type { Clock } from '../core/clock.ts';
import type { Connection } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { refuseEgress, type EgressPolicy } from './egress-guard.ts';
import { abortedFailure, failureOf, type FailureReason } from './failure.ts';
import { shareLookups, systemLookup, type HostLookup } from './host-lookup.ts';
import { HttpCall } from './http-call.ts';
import { prepareRequest, type OutgoingRequest } from './outgoing-request.ts';

/** How calls are made; everything but the policy and the clock has a default. */
export interface HttpConnectorOptions {
  /** What may be called besides public addresses; asked at each call. */
  readonly egress: () => EgressPolicy;
  readonly clock: Clock;
  /** Connections in use at once to one origin; further calls wait in turn, within their connect time. Default 64. */
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
 * Makes calls over HTTP/1.1 and TLS. TLS is always verified, redirects are answers, nothing is retried, and no address is
 * dialled that the egress policy does not allow. Throws CALL_CERTIFICATES when `extraCertificates` cannot be read.
 */
export function createHttpConnector(options: HttpConnectorOptions): Connector {
  return new HttpConnector(options);
}

/** What opens connections. undici, which it rests on, is as much to load as all else of a command, and most make no call. */
interface ConnectionModule {
  readonly Connection: typeof Connection;
}

class HttpConnector implements Connector {
  readonly #options: HttpConnectorOptions;
  readonly #lookup: HostLookup;
  readonly #secureContext: SecureContext;
  /** In the order of their last use. */
  readonly #pools = new Map<string, ConnectionPool>();
  readonly #calls = new Set<HttpCall>();
  #loaded: Promise<ConnectionModule> | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: HttpConnectorOptions) {
    this.#options = options;
    this.#lookup = shareLookups(options.lookup ?? systemLookup);
    this.#secureContext = trusting(options.extraCertificates);
  }

  async send(request: CallRequest, control: CallControl = {}): Promise<CallOutcome> {
    this.#loaded ??= import('./connection.ts');
    const connections = await this.#loaded;
    const startedAt = this.#options.clock.now();
    if (this.#closed !== undefined) return this.#unsent(abortedFailure('the connector is closed'), startedAt);
    try {
      const outgoing = this.#prepare(request);
      const { egress, clock } = this.#options;
      const pool = this.#poolFor(outgoing, connections);
      return await this.#run(new HttpCall({ request, outgoing, pool, egress, clock, startedAt, control }));
    } catch (error) {
      return this.#unsent(failureOf(error, { target: 'the other side', isSent: false, isAnswering: false }), startedAt);
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

  #prepare(request: CallRequest): OutgoingRequest {
    const outgoing = prepareRequest(request, this.#options.userAgent ?? 'Mapwright');
    const { host, port } = outgoing;
    // No name is resolved for a literal address, so it is judged here; names are judged when they are resolved.
    const addresses = isIP(host) === 0 ? [] : [host];
    const refusal = refuseEgress({ host, port, addresses }, this.#options.egress());
    if (refusal !== undefined) throw refusal;
    return outgoing;
  }

  #poolFor({ origin, host, port }: OutgoingRequest, { Connection }: ConnectionModule): ConnectionPool {
    const { egress } = this.#options;
    const known = this.#pools.get(origin);
    const pool =
      known ??
      new ConnectionPool({
        maxConnections: this.#options.maxConnectionsPerOrigin ?? 64,
        open: () =>
          new Connection({ origin, host, port, egress, lookup: this.#lookup, secureContext: this.#secureContext }),
      });
    this.#pools.delete(origin);
    if (known === undefined) this.#makeRoom();
    this.#pools.set(origin, pool);
    return pool;
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

/** Adding to the system's authorities means to name them all. */
function trusting(pem: string | undefined): SecureContext {
  if (pem === undefined) return createSecureContext();
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gsu) ?? [];
  try {
    // OpenSSL passes over what it cannot read; this does not.
    const extra = certificates.map((certificate) => new X509Certificate(certificate).toString());
    if (extra.length === 0) throw new Error('there is no certificate in it');
    return createSecureContext({ ca: [...getCACertificates('default'), ...extra] });
  } catch (cause) {
    throw new MapwrightError('CALL_CERTIFICATES', `the extra certificates cannot be read: ${messageOf(cause)}`, {
      hint: 'give them as PEM: -----BEGIN CERTIFICATE----- ...',
      cause,
    });
  }
}
