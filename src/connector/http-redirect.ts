import type { CallAnswer, CallOutcome, CallRequest, CallTimings } from '../core/call.ts';
import type { NetworkRules, Redirects } from '../core/network.ts';

const MAX_REDIRECTS = 5;
const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** What may go along to another origin. Any other header may be a credential, whatever it is called. */
const HARMLESS_HEADERS: ReadonlySet<string> = new Set(
  (
    'accept accept-charset accept-encoding accept-language cache-control content-encoding content-language content-type ' +
    'if-match if-modified-since if-none-match if-unmodified-since prefer range traceparent user-agent'
  ).split(' '),
);

/** How one call with its redirects is made. */
interface Hops {
  /** Makes one call and follows nothing. */
  send(request: CallRequest): Promise<CallOutcome>;
  now(): number;
}

/**
 * Makes a call and follows its redirects as the service says (RFC 9110 section 15.4), each within what is left of the call's
 * time. A redirect that must not be followed is the answer.
 */
export async function sendFollowing(request: CallRequest, { send, now }: Hops): Promise<CallOutcome> {
  const startedAt = now();
  const { redirects = 'none' } = request.network ?? {};
  let hop = request;
  let timings: CallTimings | undefined;
  let hasActed = false;
  for (let count = 0; ; count++) {
    const outcome = await send(hop);
    const next = outcome.kind === 'answered' ? redirected(hop, outcome.answer, redirects) : undefined;
    if (count === 0 && next === undefined) return outcome;
    timings = joined(timings, outcome);
    const whole = { durationMs: now() - startedAt, timings: { ...timings, totalMs: now() - startedAt } };
    if (outcome.kind === 'failed') {
      const inDoubt = outcome.failure.inDoubt || hasActed;
      return { kind: 'failed', failure: { ...outcome.failure, ...whole, inDoubt } };
    }
    const answer = { ...outcome.answer, ...whole };
    if (next === undefined) return { kind: 'answered', answer };
    if (count === MAX_REDIRECTS) return tooMany(request, answer, hasActed);
    // Sent on to be read elsewhere: what was asked for has been done already.
    hasActed ||= !SAFE_METHODS.has(hop.method) && next.method !== hop.method;
    hop = { ...next, totalTimeoutMs: Math.max(1, request.totalTimeoutMs - (now() - startedAt)) };
  }
}

/** The request that a redirect asks for; undefined when there is none that may be sent. */
function redirected(request: CallRequest, answer: CallAnswer, redirects: Redirects): CallRequest | undefined {
  if (redirects === 'none' || !REDIRECT_STATUSES.has(answer.status)) return undefined;
  const location = answer.headers.find(([name]) => name === 'location')?.[1];
  const from = new URL(request.url);
  const to = location === undefined || location === '' ? null : URL.parse(location, from.href);
  if (to === null || !/^https?:$/u.test(to.protocol)) return undefined;
  // Nobody else may read on the way what was meant to be secret.
  if (from.protocol === 'https:' && to.protocol === 'http:') return undefined;
  const isSame = isSameHost(from, to);
  if (redirects === 'same-host' && !isSame) return undefined;
  const moved = { ...methodAfter(request, answer.status), url: to.href };
  return isSame ? moved : withoutCredentials(moved);
}

/** The same origin, or the same host where it turns from http to https. */
function isSameHost(from: URL, to: URL): boolean {
  const isUpgrade = from.hostname === to.hostname && from.port === '' && to.port === '' && to.protocol === 'https:';
  return from.origin === to.origin || isUpgrade;
}

/** POST becomes GET after 301 and 302 as it does everywhere; after 303 all do but HEAD. */
function methodAfter(request: CallRequest, status: number): CallRequest {
  const turns = status === 303 ? request.method !== 'HEAD' : status < 303 && request.method === 'POST';
  if (!turns) return request;
  const headers = request.headers.filter(([name]) => !/^content-/iu.test(name));
  return { ...request, method: 'GET', headers, body: undefined };
}

function withoutCredentials(request: CallRequest): CallRequest {
  const headers = request.headers.filter(([name]) => HARMLESS_HEADERS.has(name.toLowerCase()));
  return { ...request, headers, credential: undefined, network: rulesElsewhere(request.network ?? {}) };
}

/** The rules for other hosts than the service's: what weakens or widens trust was said of that alone. */
export function rulesElsewhere({ authority: _authority, verify: _verify, ...rest }: NetworkRules): NetworkRules {
  return rest;
}

function tooMany({ url }: CallRequest, answer: CallAnswer, inDoubt: boolean): CallOutcome {
  const { durationMs, timings } = answer;
  return {
    kind: 'failed',
    failure: {
      code: 'CALL_REDIRECT_LOOP',
      cause: 'answer',
      message: `${new URL(url).host} sent the call on more than ${MAX_REDIRECTS} times`,
      hint: 'open the address in a browser; a login page often sends back and forth',
      inDoubt,
      durationMs,
      timings,
      partial: answer,
    },
  };
}

/** The times so far and those of one more hop. */
function joined(before: CallTimings | undefined, outcome: CallOutcome): CallTimings {
  const own = (outcome.kind === 'answered' ? outcome.answer : outcome.failure).timings;
  const sum = (name: keyof CallTimings): number => (before?.[name] ?? 0) + (own?.[name] ?? 0);
  const names = (['dnsMs', 'connectMs', 'tlsMs', 'firstByteMs'] as const).filter(
    (name) => before?.[name] !== undefined || own?.[name] !== undefined,
  );
  return { ...Object.fromEntries(names.map((name) => [name, sum(name)])), totalMs: sum('totalMs') };
}
