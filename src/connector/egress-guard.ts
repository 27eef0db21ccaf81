import { isIP } from 'node:net';
import { canonicalAddress, familyOf, networkList, rangeOf, type AddressRange } from './address-range.ts';

/**
 * Which destinations besides public addresses may be called. Entries are `host:port`, `host:*`, `10.0.0.0/8:*`,
 * `[::1]:8080`, `[fd00::/8]:443`. A host name covers loopback, private and shared addresses it resolves to;
 * link-local, metadata and other special addresses have to be named themselves.
 */
export interface EgressPolicy {
  readonly allow: readonly string[];
}

/** A destination that was not dialled because the policy does not name it. */
export class EgressError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'EgressError';
    this.hint = hint;
  }
}

/** A destination to be judged: the host as the URL names it, and every address that could be dialled for it. */
interface Destination {
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly string[];
}

interface EgressEntry {
  /** A network or address, or undefined for a host name. */
  readonly network: string | undefined;
  readonly name: string;
  /** Undefined for any port. */
  readonly port: number | undefined;
}

/** Ranges that a host's name is enough for. */
const COVERED_BY_NAME: ReadonlySet<AddressRange> = new Set(['loopback', 'private', 'shared']);

/** The setting's text as a policy; entries are set apart by blanks, commas or semicolons. `problems` are entries that say nothing and allow nothing. */
export function parseEgressAllow(text: string): {
  readonly policy: EgressPolicy;
  readonly problems: readonly string[];
} {
  const entries = text.split(/[\s,;]+/u).filter((entry) => entry !== '');
  const [allow, problems] = [
    entries.filter((entry) => parseEntry(entry) !== undefined),
    entries.filter((entry) => parseEntry(entry) === undefined),
  ];
  return { policy: { allow }, problems };
}

/** Destinations that a policy was found to allow: the same few are asked for with every call. */
const allowed = new WeakMap<EgressPolicy, Set<string>>();
const MOST_KEPT = 1_000;

/** The error to fail with when any of the addresses is neither public nor allowed; undefined when all may be dialled. */
export function refuseEgress(destination: Destination, policy: EgressPolicy): EgressError | undefined {
  if (destination.addresses.length === 0) return undefined;
  const key = `${destination.host} ${destination.port} ${destination.addresses.join()}`;
  const known = allowed.get(policy) ?? new Set();
  if (known.has(key)) return undefined;
  for (const address of destination.addresses) {
    const range = rangeOf(address);
    if (range !== 'public' && !isAllowed({ ...destination, address, range, policy })) {
      return egressError({ ...destination, address, range, policy });
    }
  }
  if (known.size >= MOST_KEPT) known.clear();
  allowed.set(policy, known.add(key));
  return undefined;
}

/** True when the policy names the host itself: whatever it stands for where it is known was meant to be called. */
export function namesHost({ host, port }: Pick<Destination, 'host' | 'port'>, policy: EgressPolicy): boolean {
  const wanted = canonicalName(host);
  return policy.allow.some((text) => {
    const entry = parseEntry(text);
    return entry?.network === undefined && entry?.name === wanted && (entry.port === undefined || entry.port === port);
  });
}

/** The entry of `egress.allow` that lets a host be called. */
export function hintToAllow(entry: string, policy: EgressPolicy): string {
  return `mapwright setting set egress.allow "${[...policy.allow, entry].join(' ')}"`;
}

interface Question {
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly range: AddressRange;
  readonly policy: EgressPolicy;
}

function isAllowed({ host, port, address, range, policy }: Question): boolean {
  const canonical = canonicalAddress(address);
  if (canonical === undefined) return false;
  return policy.allow.some((text) => {
    const entry = parseEntry(text);
    if (entry === undefined || (entry.port !== undefined && entry.port !== port)) return false;
    if (entry.network !== undefined) return networkList([entry.network]).check(canonical, familyOf(canonical));
    return COVERED_BY_NAME.has(range) && entry.name === canonicalName(host);
  });
}

function egressError({ host, port, address, range, policy }: Question): EgressError {
  const isLiteral = canonicalAddress(host) !== undefined;
  const where = isLiteral ? host : `${host} (${address})`;
  const named = COVERED_BY_NAME.has(range) && !isLiteral ? canonicalName(host) : (canonicalAddress(address) ?? address);
  const entry = `${isIP(named) === 6 ? `[${named}]` : named}:${port}`;
  return new EgressError(
    `${where} port ${port} is a ${range} address, and no setting allows it to be called`,
    hintToAllow(entry, policy),
  );
}

/** `10.0.0.0/8:*`, `host:8080`, `[::1]:8080`; undefined for anything else. */
function parseEntry(text: string): EgressEntry | undefined {
  const match = /^(?:\[([^\][]+)\]|([^\][:]+)):(\d{1,5}|\*)$/u.exec(text);
  if (match === null) return undefined;
  const [, bracketed, plain = '', portText = ''] = match;
  const port = portText === '*' ? undefined : Number(portText);
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  const host = bracketed ?? plain;
  if (host.includes('/')) return networkEntry(host, port);
  const name = canonicalName(host);
  const address = canonicalAddress(name);
  if (address !== undefined) return networkEntry(`${address}/${isIP(address) === 6 ? 128 : 32}`, port);
  return bracketed !== undefined || !/^[a-z0-9._-]+$/u.test(name) ? undefined : { network: undefined, name, port };
}

function networkEntry(network: string, port: number | undefined): EgressEntry | undefined {
  const [address = '', prefix = ''] = network.split('/');
  const widest = isIP(address) === 6 ? 128 : 32;
  if (isIP(address) === 0 || !/^\d{1,3}$/u.test(prefix) || Number(prefix) > widest) return undefined;
  return { network, name: '', port };
}

/** The name as a URL spells it: lower case, punycode, odd IPv4 literals normalised; without brackets and the root's dot. */
function canonicalName(host: string): string {
  const url = URL.parse(`http://${isIP(host) === 6 ? `[${host}]` : host}/`);
  return (url?.hostname ?? '').replace(/^\[(.*)\]$/u, '$1').replace(/\.$/u, '');
}
