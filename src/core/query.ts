import type { RecordId, RecordValue } from './record.ts';

/** A parsed query over one module. Field names have been checked by whoever built it; the store renders it to SQL. */
export interface Query {
  readonly module: string;
  /** Fields to give; `*` gives all. `count` gives the number of records instead of records. */
  readonly select: readonly string[] | '*' | 'count';
  readonly where: QueryCondition | undefined;
  readonly order: readonly { readonly field: string; readonly descending: boolean }[];
  readonly offset: number;
  /** Greatest number of records to give. */
  readonly limit: number;
}

export type QueryComparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** `field` may be `id`, `createdtime` or `modifiedtime` besides the module's own fields. */
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
  /** Records that have a link with this one. */
  | { readonly kind: 'related'; readonly to: RecordId };

/** What a query found, and how many there are without its limit. */
export interface Found<T> {
  readonly found: readonly T[];
  readonly total: number;
}
