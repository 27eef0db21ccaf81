import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { DescribedParameter, DescribedSource } from '../description/described-api.ts';

/** What a text inside of a body comes from. */
export type TextSource = (name: string, text: string) => DescribedSource;

const DEEPEST = 12;

/** The members of a JSON object as parameters that send the same. */
export function jsonParameters(object: JsonObject, textSource: TextSource, depth = 0): DescribedParameter[] {
  return Object.entries(object).map(([name, value]) => ({
    name,
    in: 'body',
    ...valueOf(name, value, textSource, depth),
  }));
}

function valueOf(
  name: string,
  value: Json,
  textSource: TextSource,
  depth: number,
): Pick<DescribedParameter, 'source' | 'type'> {
  if (typeof value === 'string') return { source: textSource(name, value) };
  if (typeof value === 'number') return { source: { value: JSON.stringify(value) }, type: 'number' };
  if (typeof value === 'boolean') return { source: { value: String(value) }, type: 'boolean' };
  if (value === null) return { source: { jsonata: 'null' } };
  if (isJsonObject(value) && Object.keys(value).length > 0 && !Object.hasOwn(value, '') && depth < DEEPEST) {
    return { source: { nested: jsonParameters(value, textSource, depth + 1) } };
  }
  return { source: { value: JSON.stringify(value) }, type: Array.isArray(value) ? 'array' : 'json' };
}
