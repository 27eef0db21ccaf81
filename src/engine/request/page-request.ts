import type { CallRequest } from '../../core/call.ts';
import { MapwrightError } from '../../core/error.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { readJson } from '../../core/json-text.ts';
import type { PagesDefinition } from '../../catalog/compiled-map.ts';
import type { PageKey } from '../answer/next-page.ts';

/**
 * The request for a page. The first is asked for as the map says, with the first number where the map does not say it
 * itself. Throws PAGES_BODY when the number cannot be put into the body.
 */
export function requestForPage(request: CallRequest, pages: PagesDefinition, key: PageKey | undefined): CallRequest {
  if (key !== undefined && 'url' in key) return { ...request, url: key.url };
  const { by, from, parameter } = pages;
  if (parameter === undefined) return request;
  if (key !== undefined) return withValue(request, pages, { name: parameter, value: key.value, replaces: true });
  if (by === 'cursor') return request;
  return withValue(request, pages, { name: parameter, value: String(from), replaces: false });
}

function withValue(
  request: CallRequest,
  { in: place }: PagesDefinition,
  { name, value, replaces }: { readonly name: string; readonly value: string; readonly replaces: boolean },
): CallRequest {
  switch (place) {
    case 'query': {
      const url = new URL(request.url);
      if (url.searchParams.has(name) && !replaces) return request;
      return { ...request, url: withQuery(request.url, name, value) };
    }
    case 'header': {
      const others = request.headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase());
      if (others.length < request.headers.length && !replaces) return request;
      return { ...request, headers: [...others, [name, value]] };
    }
    case 'body':
      return { ...request, body: withMember(request.body, { name, value, replaces }) };
  }
}

/** What else stands in the query stays as it is written. */
function withQuery(address: string, name: string, value: string): string {
  const [whole = '', hash] = address.split('#', 2);
  const [start = '', ...query] = whole.split('?');
  const kept = query
    .join('?')
    .split('&')
    .filter((pair) => pair !== '' && nameOf(pair) !== name);
  const pairs = [...kept, `${encodeURIComponent(name)}=${encodeURIComponent(value)}`];
  return `${start}?${pairs.join('&')}${hash === undefined ? '' : `#${hash}`}`;
}

function nameOf(pair: string): string | undefined {
  return [...new URLSearchParams(pair).keys()][0];
}

function withMember(
  body: CallRequest['body'],
  { name, value, replaces }: { readonly name: string; readonly value: string; readonly replaces: boolean },
): string {
  const members = body === undefined ? {} : typeof body === 'string' ? readJson(body) : undefined;
  if (!isJsonObject(members)) {
    throw new MapwrightError('PAGES_BODY', `"${name}" cannot be put into the body: it is no JSON object`, {
      hint: 'say body="json" on the <call>, or in="query" on <pages>',
    });
  }
  if (Object.hasOwn(members, name) && !replaces) return JSON.stringify(members);
  // A number was a number before.
  const sent: Json = /^(?:0|[1-9]\d{0,14})$/u.test(value) ? Number(value) : value;
  return JSON.stringify({ ...members, [name]: sent });
}
