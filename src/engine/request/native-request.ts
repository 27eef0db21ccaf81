import { MapwrightError } from '../../core/error.ts';
import type { Json } from '../../core/json.ts';
import type { BodyKind, ParameterPlace } from '../../catalog/compiled-map.ts';
import {
  escapeFormValue,
  escapeJsonString,
  escapePathSegment,
  escapeQueryValue,
  escapeXmlText,
  noEscape,
} from '../../expression/escape.ts';
import { toPlainText } from '../../expression/plain-text.ts';
import * as php from './corebos-body.ts';
import { appendQuery } from './corebos-url.ts';
import { mergeHeaders } from './headers.ts';
import type { EvaluatedParameter, RequestParts, RequestText } from './prepared-call.ts';

const CONTENT_TYPES: Readonly<Record<BodyKind, string | undefined>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  text: 'text/plain; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  multipart: undefined,
  raw: undefined,
  none: undefined,
};

/** Methods for which a repetition may do a thing twice, so that they carry the step's key (draft-ietf-httpapi-idempotency-key-header). */
const KEYED_METHODS = ['POST', 'PATCH'];

/** The request of a native map: every parameter in its place, encoded for it. */
export async function buildNativeRequest(parts: RequestParts): Promise<RequestText> {
  const { method } = parts.map.document.call;
  const placed = placeParameters(parts);
  const body = await buildBody(parts, placed.body);
  const contentType = parts.map.document.call.contentType ?? CONTENT_TYPES[parts.map.document.call.body];
  const headers = mergeHeaders([
    body === undefined || contentType === undefined ? [] : [['Content-Type', contentType]],
    KEYED_METHODS.includes(method) ? [['Idempotency-Key', toPlainText(parts.scope.step['key'] ?? '')]] : [],
    await serviceHeaders(parts),
    placed.header.map(({ parameter, value }) => [parameter.name, toPlainText(value)]),
    cookieHeader(placed.cookie),
  ]);
  return { method, url: await buildUrl(parts, placed), headers, body };
}

type Placed = Readonly<Record<ParameterPlace, readonly EvaluatedParameter[]>>;

function placeParameters({ map, parameters }: RequestParts): Placed {
  const inPath = new Set(map.path?.references.flatMap(({ root, path }) => (root === 'parameter' ? path : [])));
  const { method, body } = map.document.call;
  const rest = ['GET', 'HEAD', 'DELETE'].includes(method) || body === 'none' ? 'query' : 'body';
  const placeOf = ({ parameter }: EvaluatedParameter): ParameterPlace =>
    parameter.document.in ?? (inPath.has(parameter.name) ? 'path' : rest);
  const at = (place: ParameterPlace): EvaluatedParameter[] => parameters.filter((one) => placeOf(one) === place);
  return { path: at('path'), query: at('query'), header: at('header'), cookie: at('cookie'), body: at('body') };
}

async function buildUrl({ map, service, scope }: RequestParts, placed: Placed): Promise<string> {
  const base = await (map.url ?? service?.url)?.evaluate(scope, noEscape);
  if (base === undefined) throw new MapwrightError('MAP_NO_ORIGIN', `map "${map.name}" says nowhere where to call`);
  const path = (await map.path?.evaluate(scope, escapePathSegment)) ?? '';
  const whole = path === '' ? base : `${base.replace(/\/+$/u, '')}/${path.replace(/^\/+/u, '')}`;
  const query = placed.query.flatMap(({ parameter, value }) =>
    repeated(value).map((item) => `${escapeQueryValue(parameter.name)}=${escapeQueryValue(toPlainText(item))}`),
  );
  checkUrl(whole);
  if (map.document.call.serialization === 'php' && placed.query.length > 0) return appendQuery(whole, placed.query);
  return query.length === 0 ? whole : `${whole}${whole.includes('?') ? '&' : '?'}${query.join('&')}`;
}

function checkUrl(url: string): void {
  if (URL.canParse(url) && /^https?:\/\//iu.test(url)) return;
  throw new MapwrightError('URL_INVALID', `"${url}" is no http or https URL`, {
    hint: 'correct the service\'s url="...", or the setting it uses: mapwright setting list',
  });
}

function repeated(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [value];
}

async function serviceHeaders({ service, scope }: RequestParts): Promise<[string, string][]> {
  const headers: [string, string][] = [];
  for (const header of service?.headers ?? []) {
    const value = await header.evaluate(scope);
    if (value !== undefined) headers.push([header.name, toPlainText(value)]);
  }
  return headers;
}

function cookieHeader(cookies: readonly EvaluatedParameter[]): [string, string][] {
  if (cookies.length === 0) return [];
  const pairs = cookies.map(({ parameter, value }) => `${parameter.name}=${escapeQueryValue(toPlainText(value))}`);
  return [['Cookie', pairs.join('; ')]];
}

async function buildBody(
  { map, scope }: RequestParts,
  parameters: readonly EvaluatedParameter[],
): Promise<string | undefined> {
  const { body, serialization } = map.document.call;
  if (map.body !== undefined) return map.body.evaluate(scope, bodyEscape(body, map.document.call.contentType));
  if (parameters.length === 0) return undefined;
  if (serialization === 'php' && body === 'form') return php.formBody(parameters);
  if (serialization === 'php' && body === 'json') return php.jsonBody(parameters);
  if (body === 'form') return formBody(parameters);
  if (body === 'json')
    return JSON.stringify(Object.fromEntries(parameters.map((one) => [one.parameter.name, one.value])));
  throw new MapwrightError('MAP_BODY_MISSING', `map "${map.name}" sends ${body} and has no <body>`, {
    hint: 'write the text into <body>, or put the parameters elsewhere with in="query" or in="header"',
  });
}

function bodyEscape(body: BodyKind, contentType: string | undefined): (text: string) => string {
  if (body === 'json' || /\bjson\b/iu.test(contentType ?? '')) return escapeJsonString;
  return body === 'xml' || /\bxml\b/iu.test(contentType ?? '') ? escapeXmlText : noEscape;
}

function formBody(parameters: readonly EvaluatedParameter[]): string {
  return parameters
    .flatMap(({ parameter, value }) => repeated(value).map((item) => [parameter.name, toPlainText(item)] as const))
    .map(([name, text]) => `${escapeFormValue(name)}=${escapeFormValue(text)}`)
    .join('&');
}
