import type { Located, Range, SourceText } from '../../core/diagnostic.ts';
import { CONDITION_OPERATORS, type ConditionOperator } from '../common.ts';
import type { Parameter } from '../map.ts';

/** What a search compares by: what conditions compare by, changes aside. */
export type SearchOperator = Exclude<ConditionOperator, 'changed' | 'changed-to' | 'changed-from'>;

export const SEARCH_OPERATORS: readonly SearchOperator[] = CONDITION_OPERATORS.filter(
  (operator): operator is SearchOperator => !operator.startsWith('changed'),
);

/** A search for records, as native rules say it. */
export interface RecordSearch {
  readonly module: Located<string>;
  readonly condition: SearchGroup;
  /** Conditions of coreBOS, a JSON list in which `$[name]` stands for a value; they must hold besides. */
  readonly legacy: SourceText | undefined;
  readonly order: readonly SearchOrder[];
  /** Undefined: all that are found. */
  readonly limit: number | undefined;
  /** What each record gives: its id, one field, or an object of several. */
  readonly gives: RecordGift;
}

export interface SearchOrder {
  readonly field: Located<string>;
  readonly descending: boolean;
}

export type RecordGift =
  | { readonly kind: 'id' }
  | { readonly kind: 'field'; readonly field: Located<string> }
  | { readonly kind: 'fields'; readonly fields: readonly Located<string>[] };

export interface SearchGroup {
  readonly kind: 'all' | 'any';
  readonly parts: readonly SearchCondition[];
}

export type SearchCondition = SearchGroup | SearchComparison;

export interface SearchComparison {
  readonly kind: 'compare';
  readonly field: Located<string>;
  readonly is: SearchOperator;
  /** Undefined where nothing is compared with. */
  readonly value: Parameter | undefined;
  /** True: without a value to compare with it holds for every record. */
  readonly holdsWhenEmpty: boolean;
  readonly range: Range;
}
