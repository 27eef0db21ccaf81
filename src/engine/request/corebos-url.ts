import type { Json } from '../../core/json.ts';
import { encodeLegacyJson } from '../../expression/legacy/json-text.ts';
import { toLegacyText } from '../../expression/legacy/value.ts';
import { formPairs } from './corebos-body.ts';
import type { EvaluatedParameter } from './prepared-call.ts';

/**
 * The URL with the fields as its query. Values go in as they stand, as maps of this dialect encode them where they must be;
 * only what no URL can hold is encoded. Lists are written as in a form. Without fields and without a query a lone `?` ends
 * it, as in the original.
 */
export function appendQuery(url: string, fields: readonly EvaluatedParameter[]): string {
  const pairs = fields.flatMap(({ parameter, value }) =>
    isList(value) ? formPairs(parameter.name, value) : [legal(`${parameter.name}=${toLegacyText(value)}`)],
  );
  const hash = url.indexOf('#');
  const [target, fragment] = hash === -1 ? [url, ''] : [url.slice(0, hash), url.slice(hash)];
  const mark = !target.includes('?') ? '?' : pairs.length === 0 || /[?&]$/u.test(target) ? '' : '&';
  return `${target}${mark}${pairs.join('&')}${fragment}`;
}

/** A URL with its names replaced, and the fields that are not in it. */
export interface FilledUrl {
  readonly target: string;
  readonly rest: readonly EvaluatedParameter[];
}

/** Replaces every `$name` in the URL, of names that begin alike the longest; fields not named in it are left for the body. */
export function fillUrl(url: string, fields: readonly EvaluatedParameter[]): FilledUrl {
  if (fields.length === 0) return { target: url, rest: fields };
  const byName = new Map(fields.map((field) => [field.parameter.name, field]));
  const names = [...byName.keys()].toSorted((a, b) => b.length - a.length).map(asPattern);
  const used = new Set<EvaluatedParameter>();
  const target = url.replaceAll(new RegExp(`\\$(${names.join('|')})`, 'gu'), (found, name: string) => {
    const field = byName.get(name);
    if (field === undefined) return found;
    used.add(field);
    return legal(textInUrl(field.value));
  });
  return { target, rest: fields.filter((field) => !used.has(field)) };
}

function asPattern(name: string): string {
  return name.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`);
}

/** A list of plain values with commas between, anything deeper as JSON. */
function textInUrl(value: Json): string {
  if (!isList(value)) return toLegacyText(value);
  const isPlain = Array.isArray(value) && !value.some(isList);
  return isPlain ? value.map(toLegacyText).join(',') : encodeURIComponent(encodeLegacyJson(value));
}

function isList(value: Json): value is Exclude<Json, string | number | boolean | null> {
  return typeof value === 'object' && value !== null;
}

/** Percent-encodes what cannot stand in a URL (RFC 3986 appendix A) and leaves the rest, `%` included, as it is. */
function legal(text: string): string {
  return text.toWellFormed().replaceAll(/[^A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=%]+/gu, (part) => encodeURIComponent(part));
}
