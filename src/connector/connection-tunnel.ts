import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { ConnectionError } from './connection-error.ts';
import type { ProxyRoute, Route } from './connection-route.ts';

/**
 * Asks a proxy for a tunnel to the route's origin (RFC 9110 section 9.3.6) on a socket that is connected to it. Rejects with
 * ConnectionError CALL_PROXY, or with the socket's error.
 */
export function openTunnel(socket: Socket, { host, port }: Route, proxy: ProxyRoute): Promise<void> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const ask = httpRequest({
    method: 'CONNECT',
    path: authority,
    setHost: false,
    createConnection: () => socket,
    headers: {
      Host: authority,
      ...(proxy.authorization === undefined ? {} : { 'Proxy-Authorization': proxy.authorization }),
    },
  });
  ask.on('connect', ({ statusCode = 0 }, tunnel, head) => {
    if (statusCode < 200 || statusCode > 299) return reject(proxyRefusal(proxy, statusCode));
    if (head.length > 0) tunnel.unshift(head);
    resolve();
  });
  ask.on('error', reject);
  ask.end();
  return promise;
}

/** What a proxy's own refusal means. */
export function proxyRefusal({ host, port, authorization }: ProxyRoute, status: number): ConnectionError {
  const message = `the proxy ${host}:${port} answered with status ${status}`;
  if (status === 407) {
    const hint =
      authorization === undefined
        ? 'it wants a login: name a credential of kind basic, <network proxy-credential="..."/>'
        : 'correct user and password of the credential that proxy-credential names';
    return new ConnectionError('CALL_PROXY', message, { cause: 'refused', hint });
  }
  const isAway = status === 408 || status === 429 || status >= 500;
  const hint = isAway ? 'the other side may be down, or not known to the proxy' : 'its rules forbid the call';
  return new ConnectionError('CALL_PROXY', message, { cause: isAway ? 'network' : 'refused', hint });
}
