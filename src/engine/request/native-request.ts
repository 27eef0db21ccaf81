import { MapwrightError } from '../../core/error.ts';
import { UNKNOWN_TYPE } from '../../core/file-store.ts';
import type { BodyKind, ParameterPlace } from '../../catalog/compiled-map.ts';
import { memberName, objectOf } from '../../catalog/compile-source.ts';
import { namesInPath, placeOf } from '../../catalog/parameter-place.ts';
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
import { newBoundary } from './boundary.ts';
import { multipartBody } from './multipart-body.ts';
import type { EvaluatedParameter, RequestParts, RequestText } from './prepared-call.ts';
import { bytesOf, rawBody } from './raw-body.ts';
import { styledPairs } from './styled-pairs.ts';
import { xmlBody } from './xml-body.ts';

const CONTENT_TYPES: Readonly<Record<BodyKind, string | undefined>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  text: 'text/plain; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  multipart: undefined,
  raw: UNKNOWN_TYPE,
  none: undefined,
};

/** The type that a body of this kind has when nothing else is said; a multipart body's is told with its boundary. */
export function bodyTypeOf(kind: BodyKind): string | undefined {
  return CONTENT_TYPES[kind];
}

/** Methods for which a repetition may do a thing twice, so that they carry the step's key (draft-ietf-httpapi-idempotency-key-header). */
const KEYED_METHODS = ['POST', 'PATCH'];

/** The request of a native map: every parameter in its place, encoded for it. */
export async function buildNativeRequest(parts: RequestParts): Promise<RequestText> {
  const { method } = parts.map.document.call;
  const placed = placeParameters(parts);
  const { body, contentType: ownType } = await buildBody(parts, placed.body);
  const { body: kind, contentType: said } = parts.map.document.call;
  // The boundary is part of the type.
  const contentType = kind === 'multipart' ? ownType : (said ?? ownType);
  const headers = mergeHeaders([
    body === undefined || contentType === undefined ? [] : [['Content-Type', contentType]],
    KEYED_METHODS.includes(method) ? [['Idempotency-Key', toPlainText(parts.scope.step['key'] ?? '')]] : [],
    await serviceHeaders(parts),
    placed.header.map(({ parameter, value }) => [parameter.name, toPlainText(value)]),
    cookieHeader(placed.cookie),
  ]);
  return { method, url: await buildUrl(parts, placed), headers, body };
}

type Placed = Readonly<Record<'path' | 'query' | 'header' | 'cookie' | 'body', readonly EvaluatedParameter[]>>;

function placeParameters({ map, parameters }: RequestParts): Placed {
  const inPath = namesInPath(map.path);
  const placed = parameters.map((one) => [placeOf(one.parameter.document, map.document.call, inPath), one] as const);
  const at = (...places: readonly ParameterPlace[]): EvaluatedParameter[] =>
    placed.flatMap(([place, one]) => (places.includes(place) ? [one] : []));
  return {
    path: at('path'),
    query: at('query'),
    header: at('header'),
    cookie: at('cookie'),
    body: at('body', 'attribute', 'text'),
  };
}

async function buildUrl({ map, service, scope }: RequestParts, placed: Placed): Promise<string> {
  const base = await (map.url ?? service?.url)?.evaluate(scope, noEscape);
  if (base === undefined) throw new MapwrightError('MAP_NO_ORIGIN', `map "${map.name}" says nowhere where to call`);
  const path = (await map.path?.evaluate(scope, escapePathSegment)) ?? '';
  const whole = path === '' ? base : `${base.replace(/\/+$/u, '')}/${path.replace(/^\/+/u, '')}`;
  const query = placed.query
    .flatMap(({ parameter, value }) => styledPairs(parameter.name, value, parameter.document.style))
    .map(([name, text]) => `${escapeQueryValue(name)}=${escapeQueryValue(text)}`);
  checkBase(base);
  if (map.document.call.serialization === 'php' && placed.query.length > 0) return appendQuery(whole, placed.query);
  return query.length === 0 ? whole : `${whole}${whole.includes('?') ? '&' : '?'}${query.join('&')}`;
}

/** Starts of addresses that were found right: most calls go to the same few. */
const rightBases = new Set<string>();
const MOST_BASES = 256;

/** What is appended to a right one, in the place of its path or query, leaves it right. */
function checkBase(base: string): void {
  if (rightBases.has(base)) return;
  if (!URL.canParse(base) || !/^https?:\/\//iu.test(base)) {
    throw new MapwrightError('URL_INVALID', `"${base}" is no http or https URL`, {
      hint: 'correct the service\'s url="...", or the setting it uses: mapwright setting list',
    });
  }
  if (rightBases.size >= MOST_BASES) rightBases.clear();
  rightBases.add(base);
}

/** The headers that the service adds to each of its calls. */
export async function serviceHeaders({ service, scope }: RequestParts): Promise<[string, string][]> {
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

/** A body and the type that it is of when the map says nothing else. */
interface BuiltBody {
  readonly body: RequestText['body'];
  readonly contentType: string | undefined;
}

async function buildBody({ map, scope }: RequestParts, parameters: readonly EvaluatedParameter[]): Promise<BuiltBody> {
  const { call } = map.document;
  const { body: kind, serialization } = call;
  const contentType = bodyTypeOf(kind);
  if (map.body !== undefined) {
    const text = await map.body.evaluate(scope, bodyEscape(kind, call.contentType));
    return { body: kind === 'raw' ? bytesOf(text, '<body>') : text, contentType };
  }
  const [first] = parameters;
  if (first === undefined) return { body: undefined, contentType };
  if (kind === 'raw') return rawBody(first, scope.files);
  if (kind === 'multipart') {
    const boundary = scope.ambience.boundary ?? newBoundary();
    const type = `${call.contentType ?? 'multipart/form-data'}; boundary=${boundary}`;
    return { body: await multipartBody(parameters, { boundary, files: scope.files }), contentType: type };
  }
  if (serialization === 'php' && kind === 'form') return { body: php.formBody(parameters), contentType };
  if (serialization === 'php' && kind === 'json') return { body: php.jsonBody(parameters), contentType };
  if (kind === 'form') return { body: formBody(parameters), contentType };
  const members = parameters.map(({ parameter, value }) => [memberName(parameter.document), value] as const);
  if (kind === 'json') return { body: JSON.stringify(objectOf(members)), contentType };
  if (kind === 'xml') return { body: xmlBody(objectOf(members), call.root?.value), contentType };
  throw new MapwrightError('MAP_BODY_MISSING', `map "${map.name}" sends ${kind} and has no <body>`, {
    hint: 'write the text into <body>, or put the parameters elsewhere with in="query" or in="header"',
  });
}

function bodyEscape(body: BodyKind, contentType: string | undefined): (text: string) => string {
  if (body === 'json' || /\bjson\b/iu.test(contentType ?? '')) return escapeJsonString;
  return body === 'xml' || /\bxml\b/iu.test(contentType ?? '') ? escapeXmlText : noEscape;
}

function formBody(parameters: readonly EvaluatedParameter[]): string {
  return parameters
    .flatMap(({ parameter, value }) => styledPairs(parameter.name, value, parameter.document.style))
    .map(([name, text]) => `${escapeFormValue(name)}=${escapeFormValue(text)}`)
    .join('&');
}
