import type { Json } from '../core/json.ts';
import type { CompiledMap } from '../catalog/compiled-map.ts';
import { compilePath } from '../expression/output-path.ts';

/** A body that holds something at every place that the map's outputs and expectations look at. */
export function sampleAnswer(map: CompiledMap): { readonly body: string; readonly type: string } {
  const { format, outputs } = map.document.response;
  if (format === 'xml') return { body: '<answer/>', type: 'application/xml' };
  if (format === 'text') return { body: 'answer', type: 'text/plain' };
  let root: Json = {};
  for (const { when } of [...map.expectations, ...(map.service?.expectations ?? [])]) {
    for (const { root: name, path } of when?.references ?? []) {
      if (name === 'response' && path[0] === 'body') root = withValueAt(root, path.slice(1), true);
    }
  }
  for (const { from, on } of outputs) {
    const path = from === undefined || on === 'failure' ? undefined : compilePath(from.value);
    if (path?.ok !== true) continue;
    const { segments } = path.value;
    root = withValueAt(root, segments, segments.at(-1) ?? '');
  }
  return { body: JSON.stringify(root), type: 'application/json' };
}

/** The value with another one at a path; what stands in the way is replaced, lists are filled up. */
function withValueAt(value: Json, path: readonly string[], inner: Json): Json {
  const [name, ...rest] = path;
  if (name === undefined) return inner;
  if (/^(?:0|[1-9]\d{0,2})$/u.test(name)) {
    const items: Json[] = Array.isArray(value) ? [...value] : [];
    const index = Number(name);
    while (items.length < index) items.push(null);
    items[index] = withValueAt(items[index] ?? {}, rest, inner);
    return items;
  }
  const members = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  const own = Object.hasOwn(members, name) ? (members as Readonly<Record<string, Json>>)[name] : undefined;
  return Object.fromEntries([...Object.entries(members), [name, withValueAt(own ?? {}, rest, inner)]]) as Json;
}
