import type { PiecewiseWork } from '../../core/in-slices.ts';
import { isJsonObject, type Json } from '../../core/json.ts';

/** Members that are looked at at once. */
const PIECE = 512;

/** The value with every member of these names a list, however many there are. */
export function* withNamedLists(value: Json, names: ReadonlySet<string>): PiecewiseWork<Json> {
  return yield* listed(value, names, { seen: 0 });
}

function* listed(value: Json, names: ReadonlySet<string>, progress: { seen: number }): PiecewiseWork<Json> {
  if (++progress.seen % PIECE === 0) yield;
  if (Array.isArray(value)) {
    const items: Json[] = [];
    for (const item of value as readonly Json[]) items.push(yield* listed(item, names, progress));
    return items;
  }
  if (!isJsonObject(value)) return value;
  const members: [string, Json][] = [];
  for (const [name, member] of Object.entries(value)) {
    const inner = yield* listed(member, names, progress);
    members.push([name, names.has(name) && !Array.isArray(inner) ? [inner] : inner]);
  }
  return Object.fromEntries(members);
}
