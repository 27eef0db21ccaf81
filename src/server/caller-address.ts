import { isIP } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/**
 * The address a request comes from: the socket's, or, behind so many trusted proxies, the one that the outermost of them
 * noted in X-Forwarded-For. What stands further left there anybody can write.
 */
export function callerAddress(context: Context, proxies: number): string {
  const own = socketAddress(context);
  if (proxies === 0) return own;
  const noted = (context.req.header('x-forwarded-for') ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  return plainAddress(noted.at(-proxies) ?? '') ?? own;
}

/**
 * What counts as one caller: a home or a rented server has a whole network of IPv6 addresses (/64, RFC 6177), and would
 * never be counted twice otherwise.
 */
export function countedAddress(address: string): string {
  if (isIP(address) !== 6) return address;
  const [plain = ''] = address.split('%');
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  // An address that ends like an IPv4 one has two groups in its last place; they are never among the first four.
  const missing = tail === undefined ? 0 : 8 - groups.length - behind.length - (plain.includes('.') ? 1 : 0);
  const all = [...groups, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...behind];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** Without port, brackets and the IPv6 form of an IPv4 address; undefined for what is no address. */
function plainAddress(text: string): string | undefined {
  const [, bracketed] = /^\[([^\]]+)\](?::\d+)?$/u.exec(text) ?? [];
  const [, beforePort] = /^([\d.]+):\d+$/u.exec(text) ?? [];
  const address = (bracketed ?? beforePort ?? text).replace(/^::ffff:(?=[\d.]+$)/iu, '');
  return isIP(address) === 0 ? undefined : address;
}

/** Requests that come through no socket share one address. */
function socketAddress(context: Context): string {
  try {
    const { address } = getConnInfo(context).remote;
    return address === undefined ? 'unknown' : (plainAddress(address) ?? address);
  } catch {
    return 'unknown';
  }
}
