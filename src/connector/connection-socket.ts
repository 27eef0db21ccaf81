import { isIP, connect as connectTcp, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type SecureContext, type TLSSocket } from 'node:tls';
import type { Clock } from '../core/clock.ts';
import { ConnectionError } from './connection-error.ts';
import type { ProxyRoute, Route } from './connection-route.ts';
import { openTunnel } from './connection-tunnel.ts';

/** How long the parts of making a connection took, in milliseconds; filled in as they end. */
export interface SetupTimes {
  dnsMs?: number;
  connectMs?: number;
  tlsMs?: number;
}

/** What opening a socket needs besides the route. */
export interface SocketParts {
  /** Gives judged addresses only. */
  readonly lookup: LookupFunction;
  readonly clock: Clock;
  readonly times: SetupTimes;
  /** Closes the socket, whatever it is doing. */
  readonly signal: AbortSignal;
}

const KEEP_ALIVE_AFTER_MS = 60_000;

/** A socket on which the origin of the route, or its proxy for plain http, can be spoken to. Rejects with what went wrong. */
export async function openSocket(route: Route, parts: SocketParts): Promise<Socket> {
  const { proxy } = route;
  if (proxy === undefined) {
    const socket = await dial(route, parts);
    return route.isSecure ? secure(socket, tlsToOrigin(route), parts) : socket;
  }
  const toProxy = await reachProxy(proxy, route.proxySecureContext, parts);
  if (!route.isSecure) return toProxy;
  await timed(parts, 'connectMs', () => withAbort(toProxy, parts.signal, openTunnel(toProxy, route, proxy)));
  return secure(toProxy, tlsToOrigin(route), parts);
}

async function reachProxy(proxy: ProxyRoute, secureContext: SecureContext, parts: SocketParts): Promise<Socket> {
  try {
    const socket = await dial(proxy, parts);
    if (!proxy.isSecure) return socket;
    return await secure(socket, { ...serverName(proxy.host), secureContext, rejectUnauthorized: true }, parts);
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'EgressError' || parts.signal.aborted) throw error;
    const why = error instanceof AggregateError ? (error.errors[0] as Error).message : error.message;
    throw new ConnectionError('CALL_PROXY', `the proxy ${proxy.host}:${proxy.port} cannot be reached: ${why}`, {
      cause: 'network',
      hint: 'see whether the address of the proxy is right and it runs',
    });
  }
}

function dial({ host, port }: Pick<Route, 'host' | 'port'>, parts: SocketParts): Promise<Socket> {
  const { lookup, signal, clock, times } = parts;
  const startedAt = clock.now();
  let lookedUpAt = startedAt;
  const timedLookup: LookupFunction = (name, options, give) => {
    lookup(name, options, (...found) => {
      lookedUpAt = clock.now();
      times.dnsMs = (times.dnsMs ?? 0) + lookedUpAt - startedAt;
      give(...found);
    });
  };
  // Node takes its stream options too, which its types leave out.
  const options = { host, port, lookup: timedLookup, highWaterMark: 64 * 1024 };
  const socket = connectTcp(options);
  socket.setKeepAlive(true, KEEP_ALIVE_AFTER_MS);
  socket.setNoDelay(true);
  // An error that comes while nobody else listens must not end the process.
  socket.on('error', () => undefined);
  const connected = happened(socket, 'connect').then(() => {
    times.connectMs = (times.connectMs ?? 0) + clock.now() - lookedUpAt;
    return socket;
  });
  return withAbort(socket, signal, connected);
}

/** Node resumes no session here: a resumed one is not asked for its host name again. */
function secure(socket: Socket, rules: ConnectionOptions, parts: SocketParts): Promise<Socket> {
  return timed(parts, 'tlsMs', async () => {
    const options = { ...rules, socket, highWaterMark: 16 * 1024 };
    const secured: TLSSocket = connectTls(options);
    secured.on('error', () => undefined);
    await withAbort(secured, parts.signal, happened(secured, 'secureConnect'));
    return secured;
  });
}

function tlsToOrigin({ host, secureContext, isVerified, offersHttp2 }: Route): ConnectionOptions {
  return {
    ...serverName(host),
    secureContext,
    // Given, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch it off.
    rejectUnauthorized: isVerified,
    ALPNProtocols: offersHttp2 ? ['h2', 'http/1.1'] : ['http/1.1'],
  };
}

/** An address is no server name, nor is the root's dot part of one (RFC 6066 section 3); yet the certificate must hold either. */
function serverName(host: string): ConnectionOptions {
  const name = host.replace(/\.$/u, '');
  return isIP(host) === 0 ? { servername: name, host: name } : { host };
}

async function timed<T>({ clock, times }: SocketParts, name: keyof SetupTimes, act: () => Promise<T>): Promise<T> {
  const startedAt = clock.now();
  const made = await act();
  times[name] = (times[name] ?? 0) + clock.now() - startedAt;
  return made;
}

function happened(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once(event, () => resolve());
  socket.once('error', reject);
  socket.once('close', () => reject(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' })));
  return promise;
}

/** Whatever goes wrong, the socket is closed. */
async function withAbort<T>(socket: Socket, signal: AbortSignal, work: Promise<T>): Promise<T> {
  const close = (): void => {
    socket.destroy(new Error('the call was given up'));
  };
  if (signal.aborted) close();
  signal.addEventListener('abort', close, { once: true });
  try {
    return await work;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', close);
  }
}
