import { getHashes, hash } from 'node:crypto';
import type { FunctionFamily } from './function.ts';
import { textArgument } from '../value.ts';

/** Checksums and digests. */
export const HASH_FUNCTIONS: FunctionFamily = {
  hash: (values) =>
    values.length === 1 || values.length === 2
      ? digest(textArgument(values[0]), textArgument(values[1] ?? 'sha1'))
      : -1,
};

/** By PHP's names, those that are computed by the runtime, each with the runtime's name. */
const DIGESTS: ReadonlyMap<string, string> = availableDigests({
  md5: 'md5',
  sha1: 'sha1',
  sha224: 'sha224',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
  'sha512/224': 'sha512-224',
  'sha512/256': 'sha512-256',
  'sha3-224': 'sha3-224',
  'sha3-256': 'sha3-256',
  'sha3-384': 'sha3-384',
  'sha3-512': 'sha3-512',
  ripemd160: 'ripemd160',
});

function availableDigests(names: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const known = new Set(getHashes().map((name) => name.toLowerCase()));
  return new Map(Object.entries(names).filter(([, name]) => known.has(name)));
}

const CHECKSUMS: Readonly<Record<string, (bytes: Buffer) => number>> = {
  crc32: bzipCrc32,
  crc32b: reflectedCrc32,
  adler32,
};

/** In hexadecimal, of the UTF-8 bytes; an algorithm that is not known means sha1. */
function digest(text: string, algorithm: string): string {
  const checksum = Object.hasOwn(CHECKSUMS, algorithm) ? CHECKSUMS[algorithm] : undefined;
  if (checksum !== undefined) return (checksum(Buffer.from(text)) >>> 0).toString(16).padStart(8, '0');
  return hash(DIGESTS.get(algorithm) ?? 'sha1', text, 'hex');
}

/** What PHP calls `crc32`: the checksum of bzip2, its bytes written from the last to the first. */
function bzipCrc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80000000) === 0 ? crc << 1 : (crc << 1) ^ 0x04c11db7;
  }
  const checksum = Buffer.alloc(4);
  checksum.writeInt32LE(~crc);
  return checksum.readUInt32BE();
}

/** What everybody else calls CRC-32 (ISO 3309). */
function reflectedCrc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
  }
  return ~crc;
}

/** RFC 1950 section 9. */
function adler32(bytes: Buffer): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return (b << 16) | a;
}
