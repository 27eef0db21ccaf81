import { MapwrightError } from '../core/error.ts';
import { IDENTITY_MODULES, isIdentityModule } from '../core/identity-module.ts';
import type { IdentityStore } from '../core/identity-store.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { Query, QueryCondition } from '../core/query.ts';
import type { RecordImage, RecordValues } from '../core/record.ts';
import type { RecordMatch } from '../core/record-host.ts';
import type { RecordStore } from '../core/record-store.ts';
import { readRunFields } from './element.ts';
import { findPeople } from './people-query.ts';

/** Keys looked for in one query. */
const KEYS_AT_ONCE = 200;
/** Records read at once; a key of which one field alone fits many records has more. */
const PAGE = 1_000;
/** More than one record is too many to choose from. */
const MOST_IMAGES = 2;

interface SearchParts {
  readonly store: Pick<RecordStore, 'latestChange' | 'query'>;
  readonly modules: () => ReadonlyMap<string, ModuleDefinition>;
}

/** As `RecordHost.find`. */
export async function findRecords(
  parts: SearchParts,
  params: { readonly module: string; readonly keys: readonly RecordValues[] },
): Promise<{ readonly matches: readonly RecordMatch[]; readonly asOf: number }> {
  const module = parts.modules().get(params.module);
  if (module === undefined) throw new MapwrightError('RECORD_INVALID', `There is no module ${params.module} any more`);
  const asOf = await parts.store.latestChange();
  const keys = params.keys.map((key) => readRunFields(module, key));
  const found = new Map<string, RecordImage[]>(keys.map((key) => [textOf(key), []]));
  for (let from = 0; from < keys.length; from += KEYS_AT_ONCE) {
    await searchSome(parts.store, { module, keys: keys.slice(from, from + KEYS_AT_ONCE), found });
  }
  return { matches: keys.map((key) => ({ key, images: found.get(textOf(key)) ?? [] })), asOf };
}

/** As `RecordHost.search`. */
export async function searchRecords(
  parts: SearchParts & { readonly identities: Pick<IdentityStore, 'findUsers' | 'findGroups'> },
  query: Query,
): Promise<readonly RecordImage[]> {
  const module = parts.modules().get(query.module) ?? IDENTITY_MODULES.get(query.module);
  if (module === undefined) throw new MapwrightError('RECORD_INVALID', `There is no module ${query.module} any more`);
  if (isIdentityModule(module)) return (await findPeople(parts.identities, query, undefined)).records;
  return parts.store.query(module, query);
}

/** Each field among the values of all keys narrows the search; which key a record has is told from the record. */
async function searchSome(
  store: SearchParts['store'],
  search: {
    readonly module: ModuleDefinition;
    readonly keys: readonly RecordValues[];
    readonly found: Map<string, RecordImage[]>;
  },
): Promise<void> {
  const { module, keys, found } = search;
  const [first] = keys;
  if (first === undefined) return;
  const names = Object.keys(first);
  const parts: QueryCondition[] = names.map((field) => ({
    kind: 'in',
    field,
    values: [...new Set(keys.map((key) => key[field] ?? null))],
  }));
  const query = { module: module.name, select: '*', where: { kind: 'and', parts }, order: [], limit: PAGE } as const;
  for (let offset = 0; ; offset += PAGE) {
    const images = await store.query(module, { ...query, offset });
    for (const image of images) {
      const key = textOf(Object.fromEntries(names.map((name) => [name, image.values[name] ?? null])));
      const known = found.get(key);
      if (known !== undefined && known.length < MOST_IMAGES) known.push(image);
    }
    if (images.length < PAGE) return;
  }
}

/** One text for equal values. */
function textOf(key: RecordValues): string {
  return JSON.stringify(Object.entries(key));
}
