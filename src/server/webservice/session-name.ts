import { createHash } from 'node:crypto';
import type { RequestParameters } from './request-parameters.ts';

const COOKIE = /(?:^|;\s*)cb[0-9a-f]{32}=([0-9a-z]{1,64})(?=;|$)/u;

/**
 * The name of a request's session: its parameter `sessionName`, else the header `corebos-authorization` or
 * `corebos_authorization`, else, where cookies are trusted, its cookie. Empty when there is none.
 */
export function sessionNameOf(request: Request, parameters: RequestParameters, withCookie: boolean): string {
  const { headers } = request;
  const header = headers.get('corebos-authorization') ?? headers.get('corebos_authorization');
  const cookie = withCookie ? COOKIE.exec(headers.get('cookie') ?? '')?.[1] : undefined;
  return parameters.text('sessionName') || header || cookie || '';
}

/** `Set-Cookie` for an opened session, named as the original does: `cb` and 32 hexadecimal digits of where it is served. */
export function sessionCookie(request: Request, sessionName: string): string {
  const place = createHash('md5')
    .update(request.headers.get('host') ?? '')
    .digest('hex');
  return `cb${place}=${sessionName}; path=/; HttpOnly; SameSite=Strict`;
}
