/** One way to write a host, and what it is. */
export interface Spelling {
  readonly host: string;
  readonly why: string;
}

const ENCLOSED = ['⓪', '①', '②', '③', '④', '⑤', '⑥', '⑦', '⑧', '⑨'];

/** Ways to write an IPv4 address that URLs take for that address, or that somebody might hope are. */
export function spellingsOfV4(address: string): Spelling[] {
  const bytes = address.split('.').map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  const whole = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const hex = (value: number): string => `0x${value.toString(16)}`;
  const octal = (value: number): string => `0${value.toString(8)}`;
  return [
    { host: address, why: 'plain' },
    { host: `${address}.`, why: "the root's dot" },
    { host: String(whole), why: 'decimal' },
    { host: hex(whole), why: 'hexadecimal' },
    { host: hex(whole).toUpperCase().replace('X', 'X'), why: 'hexadecimal in capitals' },
    { host: octal(whole), why: 'octal' },
    { host: `00000${whole.toString(8)}`, why: 'octal with zeros' },
    { host: bytes.map(hex).join('.'), why: 'hexadecimal bytes' },
    { host: bytes.map(octal).join('.'), why: 'octal bytes' },
    { host: bytes.map((byte) => `0${octal(byte)}`).join('.'), why: 'octal bytes with zeros' },
    { host: `${hex(a)}.${octal(b)}.${c}.${hex(d)}`, why: 'mixed bytes' },
    { host: `${a}.${(b << 16) | (c << 8) | d}`, why: 'two parts' },
    { host: `${hex(a)}.${hex((b << 16) | (c << 8) | d)}`, why: 'two parts, hexadecimal' },
    { host: `${a}.${b}.${(c << 8) | d}`, why: 'three parts' },
    { host: `${octal(a)}.${b}.${hex((c << 8) | d)}`, why: 'three parts, mixed' },
    { host: shifted(address, 0xff10), why: 'fullwidth digits' },
    { host: [...address].map((one) => ENCLOSED[Number(one)] ?? one).join(''), why: 'enclosed digits' },
    { host: address.replaceAll('.', '。'), why: 'ideographic dots' },
    { host: address.replaceAll('.', '．'), why: 'fullwidth dots' },
    { host: address.replaceAll('.', '｡'), why: 'halfwidth dots' },
    { host: address.replace(/\d/u, (digit) => `%3${digit}`), why: 'percent-encoded digit' },
    { host: address.replaceAll('.', '%2e'), why: 'percent-encoded dots' },
    { host: `${address.slice(0, 2)}\u00ad${address.slice(2)}`, why: 'soft hyphen inside' },
    { host: `anna:pw@${address}`, why: 'user and password' },
    { host: `example.com@${address}`, why: 'another host as the user' },
    ...spellingsInV6(bytes),
  ];
}

/** IPv6 addresses that stand for, or lead to, an IPv4 address. */
function spellingsInV6([a = 0, b = 0, c = 0, d = 0]: readonly number[]): Spelling[] {
  const high = ((a << 8) | b).toString(16);
  const low = ((c << 8) | d).toString(16);
  const dotted = `${a}.${b}.${c}.${d}`;
  const inverted = [(0xffff ^ ((a << 8) | b)).toString(16), (0xffff ^ ((c << 8) | d)).toString(16)].join(':');
  return [
    { host: `[::ffff:${dotted}]`, why: 'mapped' },
    { host: `[::ffff:${high}:${low}]`, why: 'mapped, hexadecimal' },
    { host: `[::FFFF:${high.toUpperCase()}:${low.toUpperCase()}]`, why: 'mapped, capitals' },
    { host: `[0:0:0:0:0:ffff:${high}:${low}]`, why: 'mapped, all groups' },
    { host: `[0000:0000:0000:0000:0000:ffff:${dotted}]`, why: 'mapped, all digits' },
    { host: `[::${dotted}]`, why: 'compatible' },
    { host: `[::ffff:0:${dotted}]`, why: 'translated' },
    { host: `[64:ff9b::${dotted}]`, why: 'NAT64' },
    { host: `[64:ff9b:1::${high}:${low}]`, why: 'local NAT64' },
    { host: `[2002:${high}:${low}::1]`, why: '6to4' },
    { host: `[2001:0:4136:e378:8000:63bf:${inverted}]`, why: 'Teredo' },
    { host: `[fe80::5efe:${dotted}]`, why: 'ISATAP, link-local' },
    { host: `[2606:4700::5efe:${high}:${low}]`, why: 'ISATAP, public prefix' },
    { host: `[2606:4700::200:5efe:${dotted}]`, why: 'ISATAP, universal' },
    { host: `[::ffff:${dotted}%25eth0]`, why: 'mapped with a zone' },
  ];
}

/** IPv6 addresses that are nobody's to call. */
export const FORBIDDEN_V6: readonly Spelling[] = [
  ...'[::1] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::0001] [::0.0.0.1]'.split(' '),
  ...'[0::1]'.split(' '),
  ...'[::] [0:0:0:0:0:0:0:0] [fe80::1] [FE80::1] [fe80::1%25lo] [fe80::1%lo] [febf::1]'.split(' '),
  ...'[fc00::1] [fd00::1] [fdff:ffff::1] [fec0::1] [ff02::1] [ff0e::1] [100::1] [2001:db8::1]'.split(' '),
  ...'[fd00:ec2::254] [fd20:ce::254] [FD00:EC2:0:0:0:0:0:254] [2001:10::1] [3fff::1] [5f00::1]'.split(' '),
  ...'[::1 ::1 [::1]x [:::1] [::1%25] [v1.fe80]'.split(' '),
].map((host) => ({ host, why: 'IPv6' }));

/** Names that the resolver of the test sends to a forbidden address. */
export const FORBIDDEN_NAMES: readonly Spelling[] = [
  ...'localhost LOCALHOST localhost. lOcAlHoSt l%6fcalhost ｌｏｃａｌｈｏｓｔ ⓛⓞⓒⓐⓛⓗⓞⓢⓣ sub.localhost'.split(' '),
  ...'inside.example INSIDE.example inside.example. bücher-inside.example'.split(' '),
  ...'xn--bcher-inside-wob.example'.split(' '),
  ...'metadata.google.internal metadata one-of-two.example second-of-two.example mapped.example'.split(' '),
  ...'odd-address.example nothing.example user:pw@inside.example inside。example'.split(' '),
  ...'inside\u200b.example'.split(' '),
].map((host) => ({ host, why: 'name' }));

function shifted(address: string, zero: number): string {
  return address.replace(/\d/gu, (digit) => String.fromCodePoint(zero + Number(digit)));
}
