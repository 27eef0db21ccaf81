import { BlockList, isIP } from 'node:net';

/** What kind of place an IP address stands for (IANA special-purpose address registries, RFC 6890). */
export type AddressRange =
  | 'public'
  | 'unspecified'
  | 'loopback'
  | 'private'
  | 'shared'
  | 'link-local'
  | 'metadata'
  | 'multicast'
  | 'reserved';

/** Where machines of AWS, Azure, Google, Oracle, Alibaba and Scaleway learn their own secrets. */
const METADATA_SERVICES = [
  ...'169.254.169.254/32 169.254.170.2/32 169.254.42.42/32 168.63.129.16/32 100.100.100.200/32'.split(' '),
  ...'fd00:ec2::/32 fd20:ce::254/128 fd00:c1::a9fe:a9fe/128 fd00:42::42/128'.split(' '),
];

/** In the order they are asked: the narrower range first. */
const RANGES: readonly (readonly [range: AddressRange, networks: readonly string[]])[] = [
  ['metadata', METADATA_SERVICES],
  ['unspecified', ['0.0.0.0/8', '::/128']],
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fec0::/10']],
  ['shared', ['100.64.0.0/10']],
  ['link-local', ['169.254.0.0/16', 'fe80::/10']],
  ['multicast', ['224.0.0.0/4', 'ff00::/8']],
  [
    'reserved',
    ['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ],
  ['reserved', ['240.0.0.0/4', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '3fff::/20', '5f00::/16']],
];

const RANGE_LISTS = RANGES.map(([range, networks]) => ({ range, list: networkList(networks) }));

/**
 * The range an IP address lies in; an IPv6 address that carries an IPv4 one (mapped, translated, NAT64, 6to4, ISATAP)
 * is judged by that. Text that is no IP address is `reserved`: whoever asks must not dial it.
 */
export function rangeOf(address: string): AddressRange {
  const canonical = canonicalAddress(address);
  if (canonical === undefined) return 'reserved';
  const found = RANGE_LISTS.find(({ list }) => list.check(canonical, familyOf(canonical)));
  if (found !== undefined) return found.range;
  const embedded = isIP(canonical) === 6 ? embeddedAddress(ipv6Groups(canonical)) : undefined;
  return embedded === undefined ? 'public' : rangeOf(embedded);
}

/**
 * One spelling for each IP address: lower case, compressed, without zone id or brackets, and IPv4-mapped IPv6
 * (RFC 4291 section 2.5.5.2) as the IPv4 address that is dialled. Undefined when the text is no IP address.
 */
export function canonicalAddress(text: string): string | undefined {
  const bare = text.replace(/^\[(.*)\]$/u, '$1').replace(/%.*$/u, '');
  if (isIP(bare) === 4) return bare;
  if (isIP(bare) !== 6) return undefined;
  const compressed = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  const groups = ipv6Groups(compressed);
  return isPrefix(groups, [0, 0, 0, 0, 0, 0xffff]) ? ipv4Text(groups[6], groups[7]) : compressed;
}

/** A list of networks in CIDR notation (`10.0.0.0/8`, `fd00::/8`) that can be asked whether it holds an address. */
export function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix = ''] = network.split('/');
    list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return list;
}

/** The family of an IP address, as node:net spells it. */
export function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** IPv4-translated (RFC 7915), NAT64 (RFC 6052), 6to4 (RFC 3056), ISATAP (RFC 5214) and IPv4-compatible addresses. */
function embeddedAddress(groups: readonly number[]): string | undefined {
  const inLastGroups = [
    [0, 0, 0, 0, 0xffff, 0],
    [0x64, 0xff9b, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0],
  ];
  if (inLastGroups.some((prefix) => isPrefix(groups, prefix))) return ipv4Text(groups[6], groups[7]);
  // Under any prefix, its universal bit set or not.
  if (((groups[4] ?? 0) & 0xfdff) === 0 && groups[5] === 0x5efe) return ipv4Text(groups[6], groups[7]);
  return groups[0] === 0x2002 ? ipv4Text(groups[1], groups[2]) : undefined;
}

function isPrefix(groups: readonly number[], prefix: readonly number[]): boolean {
  return prefix.every((group, index) => groups[index] === group);
}

function ipv4Text(high = 0, low = 0): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/** @param address compressed, hexadecimal groups only */
function ipv6Groups(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
}
