import type { Json, JsonObject } from '../core/json.ts';
import { toLegacyText } from '../expression/legacy/value.ts';

/** The value so far with the next part's: texts with the delimiter after each; a list takes the place of a text, or is merged. */
export function appendPart(soFar: Json, next: Json, delimiter: string): Json {
  if (typeof next === 'object' && next !== null) return mergeLists(soFar, next);
  if (typeof soFar === 'object' && soFar !== null) return soFar;
  return toLegacyText(soFar) + toLegacyText(next) + delimiter;
}

function mergeLists(soFar: Json, next: readonly Json[] | JsonObject): Json {
  if (typeof soFar !== 'object' || soFar === null) return next;
  if (Array.isArray(soFar) && Array.isArray(next)) return [...soFar, ...next];
  return { ...soFar, ...next };
}

/** Without the delimiters at its end, at most as many as were appended: a delimiter is a text here, not a set of characters. */
export function withoutLastDelimiters(text: string, delimiter: string, appended: number): string {
  if (delimiter === '') return text;
  let rest = text;
  for (let count = 0; count < appended && rest.endsWith(delimiter); count++) rest = rest.slice(0, -delimiter.length);
  return rest;
}
