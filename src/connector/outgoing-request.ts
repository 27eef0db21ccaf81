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

/** Headers that say where a message ends or belong to one connection (RFC 9110 section 7.6.1): the connector's own. */
const OWN_HEADERS: ReadonlySet<string> = new Set(
  (
    'connection content-length expect host http2-settings keep-alive proxy-connection ' +
    'te trailer transfer-encoding upgrade'
  ).split(' '),
);

/** Checks a request and gives it the form of the wire; throws InvalidRequestError. */
export function prepareRequest(request: CallRequest, userAgent: string): OutgoingRequest {
  if (!TOKEN.test(request.method)) throw new InvalidRequestError(`"${visible(request.method)}" is not an HTTP method`);
  if (request.method.toUpperCase() === 'CONNECT')
    throw new InvalidRequestError('CONNECT opens a tunnel, it is not a call');
  const url = wireUrl(request.url);
  return {
    origin: url.origin,
    host: url.hostname.replace(/^\[(.*)\]$/u, '$1'),
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
    method: request.method,
    path: url.pathname + url.search,
    headers: [...wireHeaders(request.headers, userAgent), ...lengthOf(request.body)],
    body: typeof request.body === 'string' ? Buffer.from(request.body) : (request.body ?? null),
  };
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
    checkHeader(name, value);
    wire.push(name, Buffer.from(value.trim(), 'utf8').toString('latin1'));
  }
  const hasUserAgent = headers.some(([name]) => name.toLowerCase() === 'user-agent');
  return hasUserAgent ? wire : ['User-Agent', userAgent, ...wire];
}

/** Of bytes at hand the length is told anyway. */
function lengthOf(body: CallRequest['body']): string[] {
  return isStreamed(body) && body.length !== undefined ? ['Content-Length', String(body.length)] : [];
}

function checkHeader(name: string, value: string): void {
  if (!TOKEN.test(name)) throw new InvalidRequestError(`"${visible(name)}" is not a header name`);
  if (OWN_HEADERS.has(name.toLowerCase())) {
    throw new InvalidRequestError(
      `the header ${name} cannot be given`,
      'leave it out: it follows from the URL and the body',
    );
  }
  if (CONTROL_BUT_TAB.test(value)) {
    throw new InvalidRequestError(`the value of the header ${name} contains a line break or another control character`);
  }
}

/** For messages: short, and no character that could break a line. */
function visible(text: string): string {
  return text.slice(0, 60).replaceAll(new RegExp(CONTROL.source, 'gu'), '\u{fffd}');
}
