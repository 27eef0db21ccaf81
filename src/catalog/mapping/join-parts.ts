import type { Json, JsonObject } from '../../core/json.ts';
import { applyPostProcess } from '../../expression/legacy/post-process.ts';
import { toLegacyText } from '../../expression/legacy/value.ts';
import type { MappingPart, MappingView } from './mapping-part.ts';

/**
 * The value of a field. A single part keeps its type; several are texts with the delimiter between them; lists take the place
 * of what was there, or are merged. Delimiters at the end go, at most as many as were put there.
 */
export async function joinMappingParts(
  parts: readonly MappingPart[],
  delimiter: string,
  view: MappingView,
): Promise<Json> {
  let value: Json = '';
  for (const part of parts) {
    const next = await part.evaluate(view);
    value = parts.length === 1 ? (next ?? '') : append(value, next, delimiter);
    if (part.postProcess !== undefined) value = applyPostProcess(part.postProcess, value);
  }
  return typeof value === 'string' && parts.length > 1 ? withoutTail(value, delimiter, parts.length) : value;
}

function append(soFar: Json, next: Json, delimiter: string): Json {
  if (typeof next === 'object' && next !== null) return merged(soFar, next);
  if (typeof soFar === 'object' && soFar !== null) return soFar;
  return toLegacyText(soFar) + toLegacyText(next) + delimiter;
}

function merged(soFar: Json, next: readonly Json[] | JsonObject): Json {
  if (typeof soFar !== 'object' || soFar === null) return next;
  return Array.isArray(soFar) && Array.isArray(next) ? [...soFar, ...next] : { ...soFar, ...next };
}

function withoutTail(text: string, delimiter: string, appended: number): string {
  let rest = text;
  for (let count = 0; delimiter !== '' && count < appended && rest.endsWith(delimiter); count++) {
    rest = rest.slice(0, -delimiter.length);
  }
  return rest;
}
