import { type CallRequest, isStreamed, type StreamedBody } from '../core/call.ts';

/** A request as it goes on the wire. */
export interface OutgoingRequest {
  /** `https://example.com:8443`. */
  readonly origin: string;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  readonly method: string;
  /** Path and query, ASCII. */
  readonly path: string;
  /** Name, value, name, value, ...; a value's UTF-8 bytes as one character each. */
  readonly headers: readonly string[];
  readonly body: Uint8Array | StreamedBody | null;
}

/** A request that must not be sent, and why. */
export class InvalidRequestError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'InvalidRequestError';
    this.hint = hint;
  }
}

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/u;
// oxlint-disable-next-line no-control-regex -- these are the very characters to refuse
const CONTROL = /[\u0000-\u001f\u007f]/u;
// oxlint-disable-next-line no-control-regex -- as above; a tab is a blank inside a value
const CONTROL_BUT_TAB = /[\u0000-\u0008\u000a-\u001f\u007f]/u;

/** A value that needs no look at its characters, and is its own bytes. */
const PLAIN_VALUE = /^[!-~](?:[ -~]*[!-~])?$/u;

/** Headers that say where a message ends or belong to one connection (RFC 9110 section 7.6.1): the connector's own. */
const OWN_HEADERS: ReadonlySet<string> = new Set(
  (
    'connection content-length expect host http2-settings keep-alive proxy-connection ' +
    'te trailer transfer-encoding upgrade'
  ).split(' '),
);

/** Names of headers that were found right: the same few come in every call. */
const rightNames = new Set<string>();
const MOST_NAMES = 1_000;

/** Checks a request and gives it the form of the wire; throws InvalidRequestError. */
export function prepareRequest(request: CallRequest, userAgent: string): OutgoingRequest {
  if (!TOKEN.test(request.method)) throw new InvalidRequestError(`"${visible(request.method)}" is not an HTTP method`);
  if (request.method.toUpperCase() === 'CONNECT')
    throw new InvalidRequestError('CONNECT opens a tunnel, it is not a call');
  return {
    ...targetOf(request.url),
    method: request.method,
    headers: [...wireHeaders(request.headers, userAgent), ...lengthOf(request.body)],
    body: typeof request.body === 'string' ? Buffer.from(request.body) : (request.body ?? null),
  };
}

/** Whom a URL names, and what it asks them for. */
type Target = Pick<OutgoingRequest, 'origin' | 'host' | 'port' | 'path'>;

/**
 * A URL that is sent as it stands, read here without the URL parser: nothing in its path and query has to be encoded, or
 * leads elsewhere, as dots would.
 */
const PLAIN_URL =
  /^(https?:\/\/[A-Za-z0-9.\-:[\]]+)(\/(?!\.|.*\/\.)[\w\-.~!$&'()*+,;=:@/]*(?:\?[\w\-.~!$&()*+,;=:@/?%]+)?)$/u;

/** Whom the starts of URLs were found to name: most calls go to the same few. */
const known = new Map<string, Omit<Target, 'path'>>();
const MOST_KEPT = 256;

function targetOf(text: string): Target {
  const [, start, plainPath] = PLAIN_URL.exec(text) ?? [];
  const before = start === undefined ? undefined : known.get(start);
  if (before !== undefined && plainPath !== undefined) return { ...before, path: plainPath };
  const url = wireUrl(text);
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const named = { origin: url.origin, host: url.hostname.replace(/^\[(.*)\]$/u, '$1'), port };
  if (start !== undefined) {
    if (known.size >= MOST_KEPT) known.clear();
    known.set(start, named);
  }
  return { ...named, path: url.pathname + url.search };
}

/**
 * Non-ASCII and blanks are percent-encoded as UTF-8, what is percent-encoded already is left as it stands, and so is a
 * lone `%` (URL Standard, percent-encode sets). The fragment is not sent. Throws InvalidRequestError.
 */
export function wireUrl(text: string): URL {
  if (CONTROL.test(text)) throw new InvalidRequestError('the URL contains a line break or another control character');
  if (!text.isWellFormed()) throw new InvalidRequestError('the URL contains half of a surrogate pair');
  const match = /^\s*https?:\/\/([^/?#]*)([^?#]*)(.*)$/iu.exec(text);
  if (match === null) throw new InvalidRequestError('the URL does not start with http:// or https://');
  const [, authority = '', path = '', rest = ''] = match;
  if (authority.includes('@')) {
    throw new InvalidRequestError('the URL contains a user name or password', 'give them as a header or a credential');
  }
  // The URL parser would take a backslash for a slash: another host or another path than the one that was written.
  const url =
    authority === '' || authority.includes('\\')
      ? null
      : URL.parse(`${text.slice(0, text.indexOf('//'))}//${authority}${path.replaceAll('\\', '%5C')}${rest}`);
  if (url === null) throw new InvalidRequestError(`"${visible(authority)}" is not a host that can be called`);
  if (url.port === '0') throw new InvalidRequestError('port 0 cannot be called');
  return url;
}

function wireHeaders(headers: CallRequest['headers'], userAgent: string): string[] {
  const wire: string[] = [];
  for (const [name, value] of headers) {
    if (!rightNames.has(name)) checkName(name);
    wire.push(name, PLAIN_VALUE.test(value) ? value : wireValue(name, value));
  }
  const hasUserAgent = headers.some(([name]) => name.toLowerCase() === 'user-agent');
  return hasUserAgent ? wire : ['User-Agent', userAgent, ...wire];
}

/** Of bytes at hand the length is told anyway. */
function lengthOf(body: CallRequest['body']): string[] {
  return isStreamed(body) && body.length !== undefined ? ['Content-Length', String(body.length)] : [];
}

/** The value's UTF-8 bytes, one character each. */
function wireValue(name: string, value: string): string {
  if (CONTROL_BUT_TAB.test(value)) {
    throw new InvalidRequestError(`the value of the header ${name} contains a line break or another control character`);
  }
  return Buffer.from(value.trim(), 'utf8').toString('latin1');
}

function checkName(name: string): void {
  if (!TOKEN.test(name)) throw new InvalidRequestError(`"${visible(name)}" is not a header name`);
  if (OWN_HEADERS.has(name.toLowerCase())) {
    throw new InvalidRequestError(
      `the header ${name} cannot be given`,
      'leave it out: it follows from the URL and the body',
    );
  }
  if (rightNames.size >= MOST_NAMES) rightNames.clear();
  rightNames.add(name);
}

/** For messages: short, and no character that could break a line. */
function visible(text: string): string {
  return text.slice(0, 60).replaceAll(new RegExp(CONTROL.source, 'gu'), '\u{fffd}');
}
