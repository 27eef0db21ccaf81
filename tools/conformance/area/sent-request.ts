import { isJsonObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { type CallRequest, isStreamed } from '../../../src/core/call.ts';
import { sameValue } from '../same-value.ts';

/** Headers that say nothing of the map: they are the connection's. */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set(['host', 'accept', 'content-length', 'user-agent']);

/** A request as a fact holds it. */
export function describeRequest({ method, url, headers, body }: CallRequest): JsonObject {
  return {
    method,
    url,
    headers: headers
      .filter(([name]) => !CONNECTION_HEADERS.has(name.toLowerCase()))
      .map(([name, value]) => [name, value]),
    body: typeof body === 'string' ? body : isStreamed(body) ? body.shown : Buffer.from(body ?? '').toString(),
  };
}

/** True when two requests say the same: header names in any case and order, JSON bodies by value. */
export function sameRequest(got: Json, wanted: Json): boolean {
  if (!isJsonObject(got) || !isJsonObject(wanted)) return sameValue(got, wanted);
  return (
    got['method'] === wanted['method'] &&
    got['url'] === wanted['url'] &&
    sameValue(headerLines(got['headers']), headerLines(wanted['headers'])) &&
    sameBody(String(got['body'] ?? ''), String(wanted['body'] ?? ''))
  );
}

function headerLines(headers: Json | undefined): string[] {
  if (!Array.isArray(headers)) return [];
  const lines = headers.map((pair) =>
    Array.isArray(pair) ? `${String(pair[0]).toLowerCase()}:${String(pair[1])}` : '',
  );
  return lines.toSorted();
}

function sameBody(got: string, wanted: string): boolean {
  return got === wanted || sameValue(parsed(got), parsed(wanted));
}

/** JSON by value; what is none as a text that equals no JSON. */
function parsed(body: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return `text ${body}`;
  }
}

/** True when the request has the part that a recommendation names: a method, the URL's end, a header line. */
export function hasPart(request: Json, part: string): boolean {
  if (!isJsonObject(request)) return false;
  const wanted = part.replace(/ \([^()]*\)$/u, '');
  if (/^[A-Z]+$/u.test(wanted)) return request['method'] === wanted;
  if (/^[/?]/u.test(wanted))
    return [String(request['url']), decoded(String(request['url']))].some((url) => url.endsWith(wanted));
  return headerLines(request['headers']).includes(headerLine(wanted));
}

/** `X-U:host:81` with the name in lower case. */
function headerLine(text: string): string {
  const colon = text.indexOf(':');
  return `${text.slice(0, colon).toLowerCase()}:${text.slice(colon + 1).trim()}`;
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

/** True for words about a request instead of a part of one. */
export function isWordsAboutRequest(recommended: string): boolean {
  const part = recommended.replace(/ \([^()]*\)$/u, '');
  return !/^[A-Z]+$|^[/?]\S*$|^[A-Za-z-]+:\S/u.test(part);
}
