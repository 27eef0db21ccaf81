import type { Located, Range, SourceText } from '../../core/diagnostic.ts';
import type { DocumentHead, Guard } from '../common.ts';
import type { Parameter } from '../map.ts';
import type { RecordSearch } from './record-search.ts';

/** What can be asked for a value, of either dialect: three forms, which share one set of names. */
export type RuleDocument = ConditionExpression | ConditionQuery | DecisionTable | RowTable;

/** What all rules have. */
export interface RuleHead extends DocumentHead {
  readonly kind: 'rule';
  readonly dialect: 'native' | 'corebos';
  /** The module whose records it is asked about; coreBOS documents name none. */
  readonly module: Located<string> | undefined;
}

/** The value of an expression, of a template, of one function, or of a native source. */
export interface ConditionExpression extends RuleHead {
  readonly form: 'condition-expression';
  readonly source:
    | { readonly kind: 'expression' | 'template'; readonly text: SourceText }
    /** Each parameter is the name of a field or context value, or else a text. */
    | { readonly kind: 'function'; readonly name: Located<string>; readonly parameters: readonly string[] }
    | { readonly kind: 'value'; readonly value: Parameter };
}

/** A search for records, and what is taken of those found. */
export interface ConditionQuery extends RuleHead {
  readonly form: 'condition-query';
  readonly query: LegacyQuery | SearchQuery;
}

/** What a condition query of coreBOS says. */
export type LegacyQuery = (
  | {
      readonly kind: 'conditions';
      readonly module: Located<string>;
      readonly fields: readonly Located<string>[];
      /** The conditions as JSON text, entities decoded. */
      readonly conditions: SourceText;
    }
  | { readonly kind: 'sql'; readonly text: SourceText }
) & {
  /** `count`, `recordset`, or the field whose value in the first record is given. */
  readonly returns: Located<string>;
};

/** What a native search gives. */
export interface SearchQuery {
  readonly kind: 'search';
  readonly search: RecordSearch;
  readonly give: (typeof SEARCH_GIFTS)[number];
  /** What is given when nothing is found; undefined: nothing, or an empty list. */
  readonly otherwise: Parameter | undefined;
}

export const SEARCH_GIFTS = ['first', 'all', 'count'] as const;

export const HIT_POLICIES = ['U', 'F', 'C', 'A', 'R', 'G'] as const;
export const AGGREGATES = ['sum', 'min', 'max', 'count'] as const;
export const RULE_OUTPUTS = ['ExpressionResult', 'FieldValue', 'crmObject', 'Row'] as const;

export type HitPolicy = (typeof HIT_POLICIES)[number];
export type Aggregate = (typeof AGGREGATES)[number];
export type RuleOutput = (typeof RULE_OUTPUTS)[number];

interface TableHead extends RuleHead {
  readonly form: 'decision-table';
  readonly hitPolicy: HitPolicy;
  /** Set when the policy is G. */
  readonly aggregate: Aggregate | undefined;
}

/** Rows of which each may give a value, and how one answer is made of the values: as coreBOS has them. */
export interface DecisionTable extends TableHead {
  readonly dialect: 'corebos';
  readonly rows: readonly DecisionRow[];
}

/** The same with native rows. */
export interface RowTable extends TableHead {
  readonly dialect: 'native';
  readonly rows: readonly NativeRow[];
  /** What is given when no row does; undefined: nothing, or an empty list. */
  readonly otherwise: Parameter | undefined;
}

/** A row of a native table: when it holds, and what it gives then. */
export interface NativeRow {
  readonly guard: Guard;
  readonly gives: Parameter | RecordSearch;
  readonly range: Range;
}

export interface DecisionRow {
  /** Its place among the values; a later row of the same sequence replaces the value of an earlier one. */
  readonly sequence: string;
  /** Undefined: the row never gives a value. */
  readonly output: RuleOutput | undefined;
  readonly test: DecisionTest;
}

export type DecisionTest =
  | { readonly kind: 'expression'; readonly text: SourceText }
  | { readonly kind: 'rule'; readonly name: Located<string> }
  | DecisionSearch;

/** A search in a module whose records are the table. */
export interface DecisionSearch {
  readonly kind: 'search';
  readonly module: Located<string>;
  /** All must hold. */
  readonly conditions: readonly DecisionCondition[];
  /** Each must hold for records that do not leave it open; those without an input value are passed over. */
  readonly searches: readonly DecisionCondition[];
  readonly orderBy: Located<string> | undefined;
  readonly fields: readonly Located<string>[];
}

export interface DecisionCondition {
  /** The name of a context value; in `conditions` the value itself when there is none of that name. */
  readonly input: string;
  /** An expression that makes the value to look for; undefined: the input as it is. */
  readonly preprocess: SourceText | undefined;
  /** A comparison of coreBOS lists: `e`, `n`, `c`, ... */
  readonly operation: Located<string>;
  readonly field: Located<string>;
}
