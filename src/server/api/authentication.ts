import type { Caller } from '../../core/access.ts';
import type { Access } from '../../runtime/access/access.ts';
import { ApiRefusal } from './problem.ts';

const COOKIE = 'mapwright_login';
/** Behind TLS: such a cookie comes from this very host and no other, and over TLS only (RFC 6265bis section 4.1.3). */
const SECURE_COOKIE = `__Host-${COOKIE}`;
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whoever makes the request: the holder of its token, else the person whose cookie it carries. Undefined for a stranger.
 * Rejects with API_TOKEN_REFUSED for a token that does not hold, and API_ORIGIN_REFUSED for a page of another place.
 */
export async function callerOf(access: Access, request: Request, from: string): Promise<Caller | undefined> {
  const given = request.headers.get('authorization');
  if (given !== null) {
    const secret = /^Bearer +(\S+)$/iu.exec(given)?.[1];
    const caller = secret === undefined ? undefined : await access.callerOfToken(secret, from);
    if (caller !== undefined) return caller;
    throw new ApiRefusal(401, 'API_TOKEN_REFUSED', 'the token is unknown, revoked or expired', {
      hint: 'send one as: Authorization: Bearer mw_... ; mapwright token create makes one',
      headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
    });
  }
  const login = loginOf(request);
  if (login === undefined) return undefined;
  const caller = await access.callerOfLogin(login, from);
  if (caller !== undefined && !SAFE.has(request.method)) requireOwnOrigin(request);
  return caller;
}

/** What the cookie says; undefined without one. */
export function loginOf(request: Request): string | undefined {
  const name = isSecure(request) ? SECURE_COOKIE : COOKIE;
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value !== undefined && value !== '') return value;
  }
  return undefined;
}

/** `Set-Cookie` of a login, or, with an empty one, of its end. */
export function loginCookie(request: Request, login: string): string {
  const end = login === '' ? '; Max-Age=0' : '';
  const [name, secure] = isSecure(request) ? [SECURE_COOKIE, '; Secure'] : [COOKIE, ''];
  return `${name}=${login}; Path=/; HttpOnly; SameSite=Strict${secure}${end}`;
}

/**
 * Throws API_ORIGIN_REFUSED unless the request comes from a page of ours: browsers say so in Sec-Fetch-Site, older ones in
 * Origin. A request that acts for a cookie and says neither is refused too.
 */
function requireOwnOrigin(request: Request): void {
  const site = request.headers.get('sec-fetch-site');
  if (site === 'same-origin') return;
  const origin = request.headers.get('origin');
  const host = request.headers.get('host') ?? new URL(request.url).host;
  const isOwn = origin !== null && URL.canParse(origin) && new URL(origin).host === host;
  if (site === null && isOwn) return;
  throw new ApiRefusal(403, 'API_ORIGIN_REFUSED', 'a page of another place asked for this', {
    hint: 'programs send a token instead of a cookie: mapwright token create',
  });
}

/** True of a request that says it comes from a page of another place; programs say nothing. */
export function isForeignPage(request: Request): boolean {
  if (request.headers.get('sec-fetch-site') === null && request.headers.get('origin') === null) return false;
  try {
    requireOwnOrigin(request);
    return false;
  } catch {
    return true;
  }
}

/** Whoever lies about this gets a cookie that their browser does not send. */
function isSecure(request: Request): boolean {
  const forwarded = request.headers.get('x-forwarded-proto')?.split(',')[0]?.trim();
  return forwarded === undefined ? new URL(request.url).protocol === 'https:' : forwarded === 'https';
}
