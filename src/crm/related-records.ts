import { MapwrightError } from '../core/error.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { Query, QueryCondition } from '../core/query.ts';
import type { RecordId, RecordImage } from '../core/record.ts';
import type { RecordStore } from '../core/record-store.ts';
import type { QueryAnswer } from './crm.ts';
import { accessDenied, recordNotFound } from './record-error.ts';
import { queryField } from './query-field.ts';
import { type Directory, readRecord } from './reference.ts';

/** Which of a record's linked records are wanted. */
export interface RelatedQuery {
  readonly id: RecordId;
  /** The module of the records wanted. */
  readonly module: string;
  /** The module of records between: wanted is what is linked with those of them that are linked with the record. */
  readonly through?: string;
  /** The fields to give. */
  readonly select: readonly string[] | '*';
  readonly order: Query['order'];
  readonly offset: number;
  readonly limit: number;
}

/** Records between two others; a list that goes through more is no list to read page by page. */
const MOST_BRIDGES = 50_000;
const BRIDGES_AT_ONCE = 1_000;

/** True of the records of a module that have a link with this one, or refer to it. */
export function relatedWith(module: ModuleDefinition, record: Pick<RecordImage, 'id' | 'module'>): QueryCondition {
  return relatedWithOne(module, record.module, [record.id]);
}

/** True of the records of a module that have a link with one of these, which are of the same module, or refer to one. */
function relatedWithOne(module: ModuleDefinition, target: string, ids: readonly RecordId[]): QueryCondition {
  const references = module.fields.filter(({ references = [] }) => references.includes(target));
  const [first = null, ...more] = ids;
  const parts = references.map(({ name }): QueryCondition => {
    if (more.length > 0) return { kind: 'in', field: name, values: ids };
    return { kind: 'compare', field: name, operator: '=', value: first };
  });
  const linked: QueryCondition = { kind: 'related', to: ids };
  return parts.length === 0 ? linked : { kind: 'or', parts: [linked, ...parts] };
}

interface RelatedParts extends Directory {
  readonly store: Pick<RecordStore, 'read' | 'find' | 'query'>;
}

/**
 * One page of the records linked with a record, or with records between, and how many there are; each once, and the
 * record itself never. Rejects with INVALID_PARAMETER when more than 50,000 records are between.
 */
export async function queryRelated(parts: RelatedParts, params: RelatedQuery): Promise<QueryAnswer> {
  const module = moduleNamed(parts, params.module);
  const record = await readRecord(parts, params.id);
  if (record === undefined) throw recordNotFound(params.id);
  const { through, select, order, offset, limit } = params;
  requireFields(module, [...(select === '*' ? [] : select), ...order.map(({ field }) => field)]);
  const where =
    through === undefined
      ? relatedWith(module, record)
      : await relatedThrough(parts, { module, bridge: moduleNamed(parts, through), record });
  const query: Query = { module: module.name, select, where, order, offset, limit };
  const { found, total } = await parts.store.find(module, query);
  return { module, select, records: found, total };
}

async function relatedThrough(
  parts: RelatedParts,
  { module, bridge, record }: Record<'module' | 'bridge', ModuleDefinition> & { readonly record: RecordImage },
): Promise<QueryCondition> {
  const bridges = await bridgeIds(parts, bridge, relatedWith(bridge, record));
  const related = relatedWithOne(module, bridge.name, bridges);
  const other: QueryCondition = { kind: 'compare', field: 'id', operator: '<>', value: record.id };
  return record.module === module.name ? { kind: 'and', parts: [related, other] } : related;
}

/** The ids of all records that meet a condition, read some at a time. */
async function bridgeIds(
  { store }: RelatedParts,
  bridge: ModuleDefinition,
  where: QueryCondition,
): Promise<RecordId[]> {
  const ids: RecordId[] = [];
  const page = { module: bridge.name, select: ['id'], order: [], offset: 0, limit: BRIDGES_AT_ONCE };
  for (;;) {
    const last = ids.at(-1);
    const rest = last === undefined ? where : after(last, where);
    const found = await store.query(bridge, { ...page, where: rest });
    for (const { id } of found) ids.push(id);
    if (found.length < BRIDGES_AT_ONCE) return ids;
    if (ids.length > MOST_BRIDGES)
      throw new MapwrightError('INVALID_PARAMETER', `More than ${MOST_BRIDGES} records of ${bridge.name} are between`, {
        hint: 'Ask with a query of the module for the records that are wanted',
      });
  }
}

function after(id: RecordId, where: QueryCondition): QueryCondition {
  return { kind: 'and', parts: [{ kind: 'compare', field: 'id', operator: '>', value: id }, where] };
}

function moduleNamed({ modules }: Directory, name: string): ModuleDefinition {
  const module = modules().get(name);
  if (module === undefined) throw accessDenied(name);
  return module;
}

function requireFields(module: ModuleDefinition, names: readonly string[]): void {
  if (names.length > module.fields.length + 10) throw new MapwrightError('INVALID_PARAMETER', 'Too many columns');
  for (const name of names) queryField(module, name);
}
