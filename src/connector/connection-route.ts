import { createHash } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import type { CallRequest } from '../core/call.ts';
import type { ClientCertificate } from '../core/credential.ts';
import type { NetworkRules, ProxyRules } from '../core/network.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import { InvalidRequestError } from './outgoing-request.ts';

/** The way to an origin: whom to connect to, and how. */
export interface Route {
  /** `https://example.com:8443`. */
  readonly origin: string;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
  readonly proxy: ProxyRoute | undefined;
  /** What is proved and demanded in TLS with the origin. */
  readonly secureContext: SecureContext;
  /** The same with a proxy, which is always verified and shown no certificate. */
  readonly proxySecureContext: SecureContext;
  /** False: the other side's certificate is not looked at. */
  readonly isVerified: boolean;
  readonly offersHttp2: boolean;
}

/** A proxy as it is connected to. */
export interface ProxyRoute {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
  /** The value of `Proxy-Authorization`. */
  readonly authorization: string | undefined;
}

/** What of a request says how its connection is made: calls that differ in it share none. */
export interface ConnectionRules {
  readonly network: NetworkRules;
  readonly certificate: ClientCertificate['certificate'] | undefined;
  /** One text for each way to an origin. Holds no secret in the plain. */
  readonly key: string;
}

/** Reads what a request says of its connection. */
export function connectionRules(
  { network = {}, credential }: CallRequest,
  { origin }: OutgoingRequest,
): ConnectionRules {
  const certificate = credential?.kind === 'client-certificate' ? credential.certificate : undefined;
  const { proxy, authority, minTls, verify, http2, connections } = network;
  const told = [proxy, authority, minTls, verify, http2, connections, certificate];
  if (told.every((one) => one === undefined)) return { network, certificate, key: origin };
  const known = certificate === undefined ? digests.get(network) : undefined;
  const digest = known ?? createHash('sha256').update(JSON.stringify(told)).digest('hex');
  if (certificate === undefined) digests.set(network, digest);
  return { network, certificate, key: `${origin} ${digest}` };
}

/** Of the rules that were seen before: those of a service that read no setting are the same object in all its calls. */
const digests = new WeakMap<NetworkRules, string>();

/** The proxy that a text names; throws InvalidRequestError. */
export function proxyRoute({ url: text, user, password }: ProxyRules): ProxyRoute {
  const url = /^https?:\/\//iu.test(text) ? URL.parse(text) : null;
  if (url === null || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new InvalidRequestError('the proxy of the service is not an address', 'http://proxy.example.com:3128');
  }
  if (url.username !== '' || url.password !== '') {
    throw new InvalidRequestError(
      'the address of the proxy holds a user name or password',
      'name a credential of kind basic: proxy-credential="..."',
    );
  }
  const isSecure = url.protocol === 'https:';
  return {
    host: url.hostname.replace(/^\[(.*)\]$/u, '$1'),
    port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    isSecure,
    authorization:
      user === undefined ? undefined : `Basic ${Buffer.from(`${user}:${password ?? ''}`, 'utf8').toString('base64')}`,
  };
}
