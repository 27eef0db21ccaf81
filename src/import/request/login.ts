import type { ConcreteAuth, ConcreteRequest, NamedText } from './concrete-request.ts';
import type { DividedUrl } from './request-url.ts';
import { isSensitiveName, looksLikeKey } from './sensitive-text.ts';

/** How a request proves who makes it, and what is left of its headers and its query without that. */
export interface Login {
  readonly auth: ConcreteAuth;
  readonly headers: readonly NamedText[];
  readonly query: readonly NamedText[];
  readonly cookies: readonly NamedText[];
}

/**
 * Finds the login of a request: what it says itself, its `Authorization` header, a name in its URL, or the first header or
 * query parameter that looks like a key. No secret is in what comes out.
 */
export function loginOf({ auth, headers: all }: ConcreteRequest, url: DividedUrl): Login {
  const cookies = all.filter(({ name }) => name.toLowerCase() === 'cookie').flatMap(({ value }) => cookiesOf(value));
  const headers = all.filter(({ name }) => name.toLowerCase() !== 'cookie');
  const others = {
    headers: headers.filter(({ name }) => name.toLowerCase() !== 'authorization'),
    query: url.query,
    cookies,
  };
  if (auth !== undefined && auth.kind !== 'none') return { ...others, auth };
  const authorization = headers.find(
    ({ name, value }) => name.toLowerCase() === 'authorization' && value.trim() !== '',
  );
  if (authorization !== undefined) return { ...others, auth: authOf(authorization.value.trim()) };
  if (url.user !== undefined) return { ...others, auth: { kind: 'basic', user: url.user } };
  const header = others.headers.find(isKey);
  if (header !== undefined) {
    const rest = others.headers.filter((one) => one !== header);
    return { ...others, headers: rest, auth: { kind: 'api-key', in: 'header', name: header.name, prefix: '' } };
  }
  const parameter = url.query.find(isKey);
  if (parameter === undefined) return { ...others, auth: { kind: 'none' } };
  const rest = url.query.filter((one) => one !== parameter);
  return { ...others, query: rest, auth: { kind: 'api-key', in: 'query', name: parameter.name } };
}

function isKey({ name, value }: NamedText): boolean {
  return value.length > 1 && (isSensitiveName(name) || looksLikeKey(value));
}

function authOf(value: string): ConcreteAuth {
  const [, scheme = '', rest = ''] = /^(\S+)\s+(.*)$/su.exec(value) ?? [];
  if (/^bearer$/iu.test(scheme)) return { kind: 'bearer' };
  if (/^basic$/iu.test(scheme)) return { kind: 'basic', user: userOf(rest) };
  const digest = /^digest$/iu.test(scheme) ? /\busername="([^"]*)"/u.exec(rest) : null;
  if (digest !== null) return { kind: 'digest', user: digest[1] ?? '' };
  return { kind: 'api-key', in: 'header', name: 'Authorization', prefix: scheme };
}

/** The name in front of the colon; nothing where it is no base64. */
function userOf(encoded: string): string {
  if (encoded.includes('{{')) return '';
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  return text.includes(':') ? (text.split(':')[0] ?? '') : '';
}

function cookiesOf(text: string): NamedText[] {
  return text
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.includes('='))
    .map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1) }));
}
