import { createHash, timingSafeEqual } from 'node:crypto';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import type { Observation } from '../../core/observation.ts';

const REFUSED = 'METRICS_REFUSED';

/** What a reverse proxy adds: then the request comes from elsewhere, whatever its connection says. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/**
 * Undefined when figures may be read: by a connection of this machine that no proxy passes on, and by whoever sends the
 * install's secret `metrics_token` (`Authorization: Bearer ...`). Else the answer that refuses it.
 */
export async function mayReadMetrics(
  context: Context,
  { metricsToken }: Pick<Observation, 'metricsToken'>,
): Promise<Response | undefined> {
  const bearer = /^Bearer +(\S+)$/iu.exec(context.req.header('authorization') ?? '')?.[1];
  if (bearer !== undefined) {
    const token = await metricsToken().catch(() => undefined);
    return token !== undefined && isSame(bearer, token) ? undefined : refusal(401, 'the token is not the right one');
  }
  if (isLocal(context)) return undefined;
  return refusal(
    401,
    'figures are read on this machine, or with a token: mapwright secret set metrics_token, then Authorization: Bearer TOKEN',
  );
}

function refusal(status: number, reason: string): Response {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'WWW-Authenticate': 'Bearer' };
  return new Response(`${REFUSED}: ${reason}\n`, { status, headers });
}

function isLocal(context: Context): boolean {
  if (FORWARDED.some((name) => context.req.header(name) !== undefined)) return false;
  try {
    const { address } = getConnInfo(context).remote;
    return address !== undefined && /^(?:::ffff:)?127\.|^::1$/u.test(address);
  } catch {
    // It came through no socket: from within this process.
    return true;
  }
}

/** Digests are of one length, and comparing them takes one time. */
function isSame(given: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(right));
}
