import assert from 'node:assert/strict';
import type { FieldDefinition, FieldType, ModuleDefinition } from '../../src/core/module.ts';
import type { Query } from '../../src/core/query.ts';
import type { RecordValues } from '../../src/core/record.ts';
import { emptyValues } from '../../src/core/record-store.ts';
import type { CommitResult, Committed, RecordWrite } from '../../src/core/unit-of-work.ts';
import type { Store } from '../../src/store/store.ts';

/** A field with nothing special about it. */
export function field(name: string, type: FieldType): FieldDefinition {
  return { name, label: name, type, mandatory: false, readOnly: false };
}

/** A module with a field of every storage class. */
export const products: ModuleDefinition = {
  name: 'Products',
  label: 'Products',
  prefix: '14',
  title: 'productname',
  fields: [
    field('productname', 'string'),
    field('quantity', 'integer'),
    field('unit_price', 'currency'),
    field('active', 'boolean'),
    field('account', 'reference'),
    field('version', 'string'),
  ],
};

/** A change of a product by the first user. */
export function write(params: {
  readonly id: string;
  readonly values?: RecordValues;
  readonly basedOn?: number;
  readonly kind?: RecordWrite['kind'];
}): RecordWrite {
  const basedOn = params.basedOn ?? 0;
  const given = params.values ?? {};
  return {
    kind: params.kind ?? (basedOn === 0 ? 'create' : 'update'),
    module: 'Products',
    id: params.id,
    basedOn,
    values: { ...emptyValues(products), ...given },
    changed: Object.keys(given),
    actor: { user: '19x1' },
  };
}

/** The result, which must be a success. */
export function committed(result: CommitResult): Committed {
  assert.equal(result.kind, 'committed');
  return result.kind === 'committed' ? result : assert.fail();
}

/** Commits record changes, which must succeed. */
export async function commitRecords(store: Store, at: number, ...records: RecordWrite[]): Promise<Committed> {
  return committed(await store.records.commit({ at, records, runs: [], dedup: undefined }));
}

/** A query for whole products. */
export function query(params: Partial<Query> = {}): Query {
  return { module: 'Products', select: '*', where: undefined, order: [], offset: 0, limit: 1000, ...params };
}
