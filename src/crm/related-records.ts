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
  /** The fields to give. */
  readonly select: readonly string[] | '*';
  readonly order: Query['order'];
  readonly offset: number;
  readonly limit: number;
}

/** True of the records of a module that have a link with this one, or refer to it. */
export function relatedWith(module: ModuleDefinition, record: Pick<RecordImage, 'id' | 'module'>): QueryCondition {
  const references = module.fields.filter(({ references = [] }) => references.includes(record.module));
  const parts: QueryCondition[] = references.map(({ name }) => ({
    kind: 'compare',
    field: name,
    operator: '=',
    value: record.id,
  }));
  const linked: QueryCondition = { kind: 'related', to: record.id };
  return parts.length === 0 ? linked : { kind: 'or', parts: [linked, ...parts] };
}

/** One page of the records linked with a record, and how many there are. */
export async function queryRelated(
  parts: Directory & { readonly store: Pick<RecordStore, 'read' | 'find'> },
  params: RelatedQuery,
): Promise<QueryAnswer> {
  const module = parts.modules().get(params.module);
  if (module === undefined) throw accessDenied(params.module);
  const record = await readRecord(parts, params.id);
  if (record === undefined) throw recordNotFound(params.id);
  const { select, order, offset, limit } = params;
  requireFields(module, [...(select === '*' ? [] : select), ...order.map(({ field }) => field)]);
  const where = relatedWith(module, record);
  const query: Query = { module: module.name, select, where, order, offset, limit };
  const { found, total } = await parts.store.find(module, query);
  return { module, select, records: found, total };
}

function requireFields(module: ModuleDefinition, names: readonly string[]): void {
  if (names.length > module.fields.length + 10) throw new MapwrightError('INVALID_PARAMETER', 'Too many columns');
  for (const name of names) queryField(module, name);
}
