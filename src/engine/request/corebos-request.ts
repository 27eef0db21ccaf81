import { MapwrightError } from '../../core/error.ts';
import type { Json } from '../../core/json.ts';
import { escapeFormValue } from '../../expression/escape.ts';
import { encodeLegacyJson } from '../../expression/legacy/json-text.ts';
import { toLegacyText } from '../../expression/legacy/value.ts';
import { mergeHeaders } from './headers.ts';
import type { EvaluatedParameter, RequestParts, RequestText } from './prepared-call.ts';

/** Spellings of Content-Type that make the original post a form although the input type says JSON; compared exactly. */
const FORM_HEADERS = [
  'Content-type:application/x-www-form-urlencoded',
  'Content-type:multipart/form-data',
  'Content-type:text/plain',
];

/** The request of a coreBOS map, as the original makes it. */
export async function buildCorebosRequest(parts: RequestParts): Promise<RequestText> {
  const { map, scope } = parts;
  const { wire, method } = map.document.call;
  const url = await map.legacyUrl?.evaluate(scope);
  if (typeof url !== 'string' || !URL.canParse(url)) {
    throw new MapwrightError('URL_INVALID', `wsurl "${toLegacyText(url ?? '')}" is no URL`, {
      hint: 'correct <wsurl>, or the setting it uses: mapwright setting list',
    });
  }
  const headers = parts.parameters
    .filter(({ parameter }) => parameter.document.in === 'header')
    .map(({ parameter, value }) => [parameter.name, toLegacyText(value)] as const)
    .filter(([name, value]) => name !== '' && value !== '');
  const fields = parts.parameters.filter(({ parameter }) => parameter.document.in !== 'header');
  if (wire === 'corebos-query') {
    return { method, url: appendQuery(url, fields), headers: mergeHeaders([headers]), body: undefined };
  }
  const { target, rest } = wire === 'corebos-restful' ? fillUrl(url, fields) : { target: url, rest: fields };
  const isForm = wire === 'corebos-form' || headers.some(isFormHeader);
  const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
  const body = rest.length === 0 ? undefined : isForm ? formBody(rest) : jsonBody(rest);
  return {
    method,
    url: target,
    headers: mergeHeaders([body === undefined ? [] : [['Content-Type', type]], headers]),
    body,
  };
}

function isFormHeader([name, value]: readonly [string, string]): boolean {
  if (FORM_HEADERS.includes(`${name}:${value}`)) return true;
  return name.toLowerCase() === 'content-type' && /^\s*application\/x-www-form-urlencoded\b/iu.test(value);
}

/** Values go in as they stand: maps of this dialect encode them themselves where they must be. */
function appendQuery(url: string, fields: readonly EvaluatedParameter[]): string {
  if (fields.length === 0) return url;
  const pairs = fields.map(({ parameter, value }) => `${parameter.name}=${toLegacyText(value)}`);
  return `${url}${url.includes('?') ? '&' : '?'}${pairs.join('&')}`;
}

/** Replaces `$name` in the URL, longer names first; fields that are not in it are left for the body. */
function fillUrl(
  url: string,
  fields: readonly EvaluatedParameter[],
): { target: string; rest: readonly EvaluatedParameter[] } {
  const used = new Set<EvaluatedParameter>();
  const byLength = fields.toSorted((a, b) => b.parameter.name.length - a.parameter.name.length);
  const target = byLength.reduce((text, field) => {
    const name = `$${field.parameter.name}`;
    if (!text.includes(name)) return text;
    used.add(field);
    return text.replaceAll(name, () => toLegacyText(field.value));
  }, url);
  return { target, rest: fields.filter((field) => !used.has(field)) };
}

function jsonBody(fields: readonly EvaluatedParameter[]): string {
  return encodeLegacyJson(Object.fromEntries(fields.map(({ parameter, value }) => [parameter.name, value])));
}

/** As PHP's http_build_query: nested members as `a[b]`, null and empty lists left out, true and false as 1 and 0. */
function formBody(fields: readonly EvaluatedParameter[]): string {
  return fields.flatMap(({ parameter, value }) => formPairs(parameter.name, value)).join('&');
}

function formPairs(name: string, value: Json): string[] {
  if (value === null) return [];
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([member, inner]: [string, Json]) => formPairs(`${name}[${member}]`, inner));
  }
  const text = typeof value === 'boolean' ? (value ? '1' : '0') : toLegacyText(value);
  return [`${escapeFormValue(name)}=${escapeFormValue(text)}`];
}
