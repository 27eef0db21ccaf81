import type { ModuleDefinition } from './module.ts';
import type { RecordId, RecordImage, RecordValue } from './record.ts';

/** A parsed query over one module. Field names have been checked by whoever built it; the store renders it to SQL. */
export interface Query {
  readonly module: string;
  /** Fields to give; `*` gives all. `count` gives the number of records instead of records. */
  readonly select: readonly string[] | '*' | 'count';
  /** The records behind references that the query looks at; an earlier one may be what a later one goes through. */
  readonly joins?: readonly QueryJoin[];
  readonly where: QueryCondition | undefined;
  readonly order: readonly { readonly field: string; readonly descending: boolean }[];
  readonly offset: number;
  /** Greatest number of records to give. */
  readonly limit: number;
}

/** The records that a reference or owner field of the queried ones leads to. A field of them is `name.field`. */
export interface QueryJoin {
  /** Unique in the query, without a dot at its end: `vendor_id`, `Vendors`, `vendor_id.parent_id`. */
  readonly name: string;
  /** The field it goes through: one of the queried module, or `name.field` of an earlier join. */
  readonly through: string;
  /** Where the reference may lead as far as the query asks; records of other modules count as empty. */
  readonly modules: readonly ModuleDefinition[];
}

export type QueryComparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** `field` may be `id`, `createdtime` or `modifiedtime` besides the module's own fields, or `name.field` of a join. */
export type QueryCondition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly QueryCondition[] }
  | { readonly kind: 'not'; readonly part: QueryCondition }
  | {
      readonly kind: 'compare';
      readonly field: string;
      readonly operator: QueryComparison;
      readonly value: RecordValue;
    }
  | { readonly kind: 'like'; readonly field: string; readonly pattern: string }
  | { readonly kind: 'in'; readonly field: string; readonly values: readonly RecordValue[] }
  | { readonly kind: 'null'; readonly field: string }
  /** Records that have a link with one of these. */
  | { readonly kind: 'related'; readonly to: readonly RecordId[] };

/** A record that a query found, with the values of the selected fields behind its references. */
export interface FoundRecord extends RecordImage {
  /** By the names that the query selects them with: `vendor_id.vendorname`; left out when it selects none. */
  readonly joined?: Readonly<Record<string, RecordValue>>;
}

/** What a query found, and how many there are without its limit. */
export interface Found<T> {
  readonly found: readonly T[];
  readonly total: number;
}
