import { isJsonObject, type Json } from '../../core/json.ts';

/**
 * The text of an element that was read with its attributes; any other value as it is. So a path to an element means its text,
 * whether the element has attributes or not.
 */
export function textOfElement(value: Json): Json {
  if (!isJsonObject(value) || typeof value['_'] !== 'string') return value;
  return Object.keys(value).every((name) => name === '_' || name.startsWith('@')) ? value['_'] : value;
}
