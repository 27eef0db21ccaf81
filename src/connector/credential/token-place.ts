import type { CallRequest } from '../../core/call.ts';
import type { TokenPlace } from '../../core/credential.ts';

/** The request with the token in its place; what stood there is replaced. */
export function putToken(
  request: CallRequest,
  place: TokenPlace,
  token: string,
  encode: (text: string) => string = encodeURIComponent,
): CallRequest {
  switch (place.in) {
    case 'header':
      return withHeader(request, place.name, place.prefix === '' ? token : `${place.prefix} ${token}`);
    case 'query':
      return { ...request, url: withQuery(request.url, place.name, encode(token)) };
    case 'cookie':
      return withCookie(request, place.name, token);
  }
}

/** The request with this header, and no other of the name. */
export function withHeader(request: CallRequest, name: string, value: string): CallRequest {
  const others = request.headers.filter(([given]) => given.toLowerCase() !== name.toLowerCase());
  return { ...request, headers: [...others, [name, value]] };
}

/** The URL with this parameter, and no other of the name; nothing else of it changes. */
export function withQuery(url: string, name: string, encoded: string): string {
  const [, before = url, query, fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/su.exec(url) ?? [];
  const pair = `${encodeURIComponent(name)}=${encoded}`;
  return `${before}?${[...pairsBeside(query ?? '', name), pair].join('&')}${fragment}`;
}

/** The form with this field, and no other of the name. */
export function withField(form: string, name: string, encoded: string): string {
  return [...pairsBeside(form, name), `${encodeURIComponent(name)}=${encoded}`].join('&');
}

function pairsBeside(query: string, name: string): string[] {
  return query.split('&').filter((pair) => pair !== '' && nameOf(pair) !== name);
}

function nameOf(pair: string): string {
  const text = (pair.split('=')[0] ?? '').replaceAll('+', ' ');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function withCookie(request: CallRequest, name: string, value: string): CallRequest {
  const given = request.headers.filter(([header]) => header.toLowerCase() === 'cookie').map(([, cookies]) => cookies);
  const others = given.flatMap((cookies) => cookies.split(/;\s*/u)).filter((pair) => pair.split('=')[0] !== name);
  return withHeader(request, 'Cookie', [...others, `${name}=${value}`].join('; '));
}
