const METHODS = 'GET, POST, OPTIONS';
const HEADERS = 'Content-Type, corebos-authorization, corebos_authorization';
const PREFLIGHT_SECONDS = '600';

/**
 * The headers that let a page of this origin read an answer (the Fetch standard's CORS protocol); none for one that is
 * not listed. `*` lists every origin, but such a page gets no cookies: only origins listed by name do.
 */
export function corsHeaders(origin: string | undefined, listed: string | undefined): Readonly<Record<string, string>> {
  const origins = (listed ?? '').split(/[\s,]+/u).filter((one) => one !== '');
  if (origin === undefined || origins.length === 0) return {};
  if (isListed(origin, origins)) {
    return {
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Credentials': 'true',
      Vary: 'Origin',
    };
  }
  return origins.includes('*') ? { 'Access-Control-Allow-Origin': '*' } : { Vary: 'Origin' };
}

/** What a preflight request is told besides. */
export function preflightHeaders(allowed: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const answer = { Allow: METHODS };
  if (allowed['Access-Control-Allow-Origin'] === undefined) return answer;
  return {
    ...answer,
    'Access-Control-Allow-Methods': METHODS,
    'Access-Control-Allow-Headers': HEADERS,
    'Access-Control-Max-Age': PREFLIGHT_SECONDS,
  };
}

/** What a GET may do for whoever its cookie names: nothing that a page of another could bring about with a link or an image. */
const HARMLESS: ReadonlySet<string> = new Set([
  'describe',
  'extendsession',
  'getallusers',
  'getassignedgrouplist',
  'getassigneduserlist',
  'getfieldautocomplete',
  'getmaxloadsize',
  'getpicklistvalues',
  'getqueuedoperationresult',
  'getreferenceautocomplete',
  'getreferencevalue',
  'getrelatedrecords',
  'getrelatedrecordsthroughmodule',
  'getsetting',
  'getuitype',
  'listtypes',
  'logout',
  'massretrieve',
  'query',
  'retrieve',
]);

/**
 * True when a request may act for whoever its cookie names: it comes from no page, from our own, or from a listed one. For
 * a GET browsers do not say which page it comes from, and send the cookie from other ports and subdomains too: what
 * changes something needs a POST then.
 */
export function trustsCookies(request: Request, operation: string | undefined, listed: string | undefined): boolean {
  if (request.method === 'GET' && !HARMLESS.has(operation ?? '')) return false;
  const origin = request.headers.get('origin') ?? undefined;
  if (origin === undefined) return true;
  const host = request.headers.get('host') ?? new URL(request.url).host;
  if (URL.canParse(origin) && new URL(origin).host === host) return true;
  return corsHeaders(origin, listed)['Access-Control-Allow-Credentials'] === 'true';
}

/** A bare domain, as the original's list has them, lists both schemes. */
function isListed(origin: string, origins: readonly string[]): boolean {
  const bare = origin.replace(/^https?:\/\//u, '');
  return origins.some((one) => one === origin || one === bare);
}
