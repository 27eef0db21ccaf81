import type { CallRequest } from '../../core/call.ts';

/** Headers that proxies and clients on the way change or take away: never signed. */
const UNSIGNED_HEADERS =
  /^(?:accept-encoding|authorization|baggage|cache-control|connection|content-length|expect|from|keep-alive|max-forwards|pragma|referer|te|traceparent|tracestate|trailer|transfer-encoding|upgrade|user-agent|x-amzn-trace-id|proxy-.*|sec-.*)$/u;

/** Encodes all but the unreserved characters of RFC 3986, as both sides of a signature do. */
function strictlyEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The query as it is sent: each name and value encoded strictly, in the order given. `+` is a blank. */
export function canonicalPairs(query: string): [name: string, value: string][] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [strictlyEncoded(decoded(name, ' ')), strictlyEncoded(decoded(value, ' '))];
    });
}

/** The pairs in the order of their encoded names, then values, by their bytes. */
export function canonicalQuery(pairs: readonly (readonly [name: string, value: string])[]): string {
  const sorted = pairs.toSorted(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  return sorted.map(([name, value]) => `${name}=${value}`).join('&');
}

/**
 * The path as it is signed. S3 takes it as the name of an object: encoded once, nothing else changed. Other services take
 * empty segments out, and encode what stands on the wire once more.
 */
export function canonicalPath(pathname: string, isObjectName: boolean): string {
  const segments = pathname.split('/');
  if (isObjectName) return segments.map((segment) => strictlyEncoded(decoded(segment, '+'))).join('/');
  const kept = segments.filter((segment) => segment !== '');
  const end = kept.length > 0 && pathname.endsWith('/') ? '/' : '';
  return `/${kept.map(strictlyEncoded).join('/')}${end}`;
}

/** The signed headers by name, in order; values trimmed, with single blanks, of equal names joined. */
export function canonicalHeaders(headers: CallRequest['headers']): [name: string, value: string][] {
  const values = new Map<string, string[]>();
  for (const [given, value] of headers) {
    const name = given.toLowerCase();
    if (UNSIGNED_HEADERS.test(name)) continue;
    const written = value.trim().replaceAll(/\s+/gu, ' ');
    values.set(name, [...(values.get(name) ?? []), written]);
  }
  return [...values]
    .map(([name, several]): [string, string] => [name, several.join(',')])
    .toSorted(([a], [b]) => compare(a, b));
}

/** What is percent-encoded, decoded; a text that is not properly encoded is taken as it stands. */
function decoded(text: string, plus: string): string {
  const spelled = text.replaceAll('+', plus);
  try {
    return decodeURIComponent(spelled);
  } catch {
    return spelled;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
