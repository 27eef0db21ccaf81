import { Hono } from 'hono';
import type { Context } from 'hono';
import type { AttemptStore } from '../../core/attempts.ts';
import type { Clock } from '../../core/clock.ts';
import { MapwrightError } from '../../core/error.ts';
import { CALLBACK_PATH, CONNECT_PATH, type SignInDesk, type SignInOffer } from '../../core/sign-in.ts';
import { callerAddress, countedAddress } from '../caller-address.ts';
import { createRateLimit, type RateLimit } from '../api/rate-limit.ts';
import { connectedPage, offerPage, onwardResponse, type Page, pageResponse } from './sign-in-page.ts';

export interface SignInAppParts {
  readonly signIns: SignInDesk;
  readonly clock: Clock;
  /** Counts requests for all nodes; left out: each process counts for itself. */
  readonly attempts?: AttemptStore | undefined;
  /** Proxies in front of this server that name the caller's address. */
  readonly proxies: number;
  /** Told of failures that are nobody's mistake. */
  readonly log: (failure: { readonly id: string; readonly operation: string; readonly error: unknown }) => void;
}

const PER_MINUTE = 60;
const LONGEST_TEXT = 8_192;
const NEVER_SET = /[^A-Za-z0-9_-]/u;

/**
 * Where people begin and end a sign-in for a credential. The page at the ticket's address says what it is about; going on from
 * there leaves the ticket in a cookie, which the browser has to show when it comes back: the provider's address alone, handed
 * to somebody else, connects nobody. Nobody goes on who has not come from the page: a link of another place could lead people
 * past it, who would give their account to whoever made the link.
 */
export function createSignInApp(parts: SignInAppParts): Hono {
  const rate = createRateLimit(parts.clock, parts.attempts);
  const app = new Hono();
  const answered = async (context: Context, work: (from: string) => Promise<Response>): Promise<Response> => {
    const from = callerAddress(context, parts.proxies);
    try {
      count(rate, from);
      return await work(from);
    } catch (thrown) {
      return pageResponse(failurePage(parts, thrown));
    }
  };
  app.get(`${CONNECT_PATH}/:ticket`, (context) =>
    answered(context, async () => {
      const ticket = context.req.param('ticket');
      const offer = await parts.signIns.look(ticket);
      return pageResponse(offerPage(offer, `${ticket}/go`), seenCookie(offer));
    }),
  );
  app.get(`${CONNECT_PATH}/:ticket/go`, (context) =>
    answered(context, async () => {
      const ticket = context.req.param('ticket');
      const offer = await parts.signIns.look(ticket);
      if (cookieOf(context, seenName(offer)) === undefined) {
        return pageResponse(offerPage(offer, 'go', true), seenCookie(offer));
      }
      return onwardResponse(
        offer.providerUrl,
        cookie(offer, { name: cookieName(offer.id), value: ticket, site: 'Lax' }),
      );
    }),
  );
  app.get(CALLBACK_PATH, (context) =>
    answered(context, async (from) => {
      const { searchParams } = new URL(context.req.url);
      const given = (name: string): string | undefined => searchParams.get(name)?.slice(0, LONGEST_TEXT);
      const finished = await parts.signIns.finish({
        state: given('state'),
        code: given('code'),
        error: given('error'),
        errorDescription: given('error_description'),
        issuer: given('iss'),
        ticketOf: (id) => cookieOf(context, cookieName(id)),
        from,
      });
      return pageResponse(connectedPage(finished));
    }),
  );
  return app;
}

function count(rate: RateLimit, from: string): void {
  rate.count(`sign-in ${countedAddress(from)}`, PER_MINUTE);
}

/** Several sign-ins may be under way in one browser. */
function cookieName(id: string): string {
  return `mapwright_connect_${id.slice(0, 16)}`;
}

/** Tells that the page was seen; not sent where another site leads the browser. */
function seenCookie(offer: SignInOffer): { readonly 'Set-Cookie': string } {
  return { 'Set-Cookie': cookie(offer, { name: seenName(offer), value: '1', site: 'Strict' }) };
}

function seenName({ id }: SignInOffer): string {
  return `mapwright_seen_${id.slice(0, 16)}`;
}

function cookie(
  { leftMs, isSecure }: SignInOffer,
  { name, value, site }: { readonly name: string; readonly value: string; readonly site: 'Lax' | 'Strict' },
): string {
  const seconds = Math.max(1, Math.ceil(leftMs / 1_000));
  return `${name}=${value}; Path=/; HttpOnly; SameSite=${site}; Max-Age=${seconds}${isSecure ? '; Secure' : ''}`;
}

function cookieOf(context: Context, name: string): string | undefined {
  for (const pair of (context.req.header('cookie') ?? '').split(';')) {
    const [key, value = ''] = pair.trim().split('=', 2);
    if (key === name && value !== '' && !NEVER_SET.test(value)) return value;
  }
  return undefined;
}

const STATUSES: Readonly<Record<string, number>> = {
  CREDENTIAL_SIGN_IN_UNKNOWN: 404,
  CREDENTIAL_SIGN_IN_OVER: 410,
  CREDENTIAL_SIGN_IN_ELSEWHERE: 403,
  CREDENTIAL_SIGN_IN_BUSY: 409,
  CREDENTIAL_CHANGED: 409,
  API_RATE: 429,
  CALL_ABORTED: 502,
};

/** Of a fault of the program or its database nothing is told: that is for the log. */
function failurePage({ log }: SignInAppParts, thrown: unknown): Page {
  const isTold = thrown instanceof MapwrightError && thrown.code !== 'STORE_UNAVAILABLE';
  if (!isTold) {
    log({ id: 'sign-in', operation: 'signIn', error: thrown });
    return { status: 503, title: 'Not connected', paragraphs: ['The server failed. Reload this page to try again.'] };
  }
  const { code, message, hint, retryable } = thrown;
  const status = STATUSES[code] ?? (retryable ? 502 : 400);
  const again = status === 502 ? ['Reload this page to try again.'] : hint === undefined ? [] : [`What to do: ${hint}`];
  return { status, title: 'Not connected', paragraphs: [message, ...again] };
}
