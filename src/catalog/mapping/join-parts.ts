import type { Json } from '../../core/json.ts';
import { applyPostProcess } from '../../expression/legacy/post-process.ts';
import { appendPart, withoutLastDelimiters } from '../joined-parts.ts';
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
    value = parts.length === 1 ? (next ?? '') : appendPart(value, next, delimiter);
    if (part.postProcess !== undefined) value = applyPostProcess(part.postProcess, value);
  }
  return typeof value === 'string' && parts.length > 1 ? withoutLastDelimiters(value, delimiter, parts.length) : value;
}
