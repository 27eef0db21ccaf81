import type { Json } from '../../core/json.ts';
import { escapeFormValue } from '../../expression/escape.ts';
import { encodeLegacyJson } from '../../expression/legacy/json-text.ts';
import { toLegacyText } from '../../expression/legacy/value.ts';
import type { EvaluatedParameter } from './prepared-call.ts';

/** The fields as a JSON object in the map's order; as a list when they are named 0, 1, 2, ... in order, as in PHP. */
export function jsonBody(fields: readonly EvaluatedParameter[]): string {
  if (fields.every(({ parameter }, index) => parameter.name === String(index))) {
    return encodeLegacyJson(fields.map(({ value }) => value));
  }
  // Built as text: an object of JavaScript would put names that look like numbers first.
  const members = fields.map(
    ({ parameter, value }) => `${encodeLegacyJson(parameter.name)}:${encodeLegacyJson(value)}`,
  );
  return `{${members.join(',')}}`;
}

/** As PHP's http_build_query: nested members as `a[b]`, null and empty lists left out, true and false as 1 and 0. */
export function formBody(fields: readonly EvaluatedParameter[]): string {
  return fields.flatMap(({ parameter, value }) => formPairs(parameter.name, value)).join('&');
}

/** The pairs of one value, encoded. */
export function formPairs(name: string, value: Json): string[] {
  if (value === null) return [];
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([member, inner]: [string, Json]) => formPairs(`${name}[${member}]`, inner));
  }
  const text = typeof value === 'boolean' ? (value ? '1' : '0') : toLegacyText(value);
  return [`${encode(name)}=${encode(text)}`];
}

/** PHP's urlencode. */
function encode(text: string): string {
  return escapeFormValue(text).replaceAll('*', '%2A');
}
