import type { Json } from '../../core/json.ts';
import type { ParameterStyle } from '../../catalog/compiled-map.ts';
import { toPlainText } from '../../expression/plain-text.ts';

type Pair = readonly [name: string, value: string];

const DELIMITERS: Readonly<Partial<Record<ParameterStyle, string>>> = { comma: ',', space: ' ', pipe: '|' };

/** The names and values that a parameter makes in a query or a form, not escaped yet. A list without items makes none. */
export function styledPairs(name: string, value: Json, style: ParameterStyle = 'repeat'): Pair[] {
  if (style === 'brackets') return bracketed(name, value);
  const items = Array.isArray(value) ? value : [value];
  const delimiter = DELIMITERS[style];
  if (delimiter === undefined || items.length === 0) return items.map((item: Json) => [name, toPlainText(item)]);
  return [[name, items.map((item: Json) => toPlainText(item)).join(delimiter)]];
}

/** `filter[state]=open`, `tag[]=a`, in whatever depth. */
function bracketed(name: string, value: Json): Pair[] {
  if (Array.isArray(value)) {
    const isFlat = value.every((item: Json) => typeof item !== 'object' || item === null);
    return value.flatMap((item: Json, index) => bracketed(isFlat ? `${name}[]` : `${name}[${index}]`, item));
  }
  if (typeof value !== 'object' || value === null) return [[name, toPlainText(value)]];
  return Object.entries(value).flatMap(([member, inner]) => bracketed(`${name}[${member}]`, inner));
}
