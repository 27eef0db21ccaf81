import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const SECRET_BYTES = 32;
const TOKEN = /^mw_([A-Za-z0-9_-]{43})([0-9a-f]{8})$/u;

/**
 * A new API token: `mw_`, 256 random bits in base64url, and the CRC-32 of those in hexadecimal, by which scanners tell a
 * leaked token from a text that looks like one.
 */
export function createTokenSecret(): string {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return `mw_${secret}${checksum(secret)}`;
}

/** True for a text that can be a token: no database has to be asked about any other. */
export function isTokenSecret(text: string): boolean {
  const [, secret = '', sum] = TOKEN.exec(text) ?? [];
  return sum !== undefined && sum === checksum(secret);
}

function checksum(secret: string): string {
  return crc32(secret).toString(16).padStart(8, '0');
}
