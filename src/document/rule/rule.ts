import type { Located, SourceText } from '../../core/diagnostic.ts';
import type { DocumentHead } from '../common.ts';

/** What can be asked for a value: a coreBOS document of one of three types, which share one set of names. */
export type RuleDocument = ConditionExpression | ConditionQuery | DecisionTable;

interface RuleHead extends DocumentHead {
  readonly kind: 'rule';
}

/** The value of an expression, of a template, or of one function. */
export interface ConditionExpression extends RuleHead {
  readonly form: 'condition-expression';
  readonly source:
    | { readonly kind: 'expression' | 'template'; readonly text: SourceText }
    /** Each parameter is the name of a field or context value, or else a text. */
    | { readonly kind: 'function'; readonly name: Located<string>; readonly parameters: readonly string[] };
}

/** A search for records, and what is taken of those found. */
export interface ConditionQuery extends RuleHead {
  readonly form: 'condition-query';
  readonly query:
    | {
        readonly kind: 'conditions';
        readonly module: Located<string>;
        readonly fields: readonly Located<string>[];
        /** The conditions as JSON text, entities decoded. */
        readonly conditions: SourceText;
      }
    | { readonly kind: 'sql'; readonly text: SourceText };
  /** `count`, `recordset`, or the field whose value in the first record is given. */
  readonly returns: Located<string>;
}

export const HIT_POLICIES = ['U', 'F', 'C', 'A', 'R', 'G'] as const;
export const AGGREGATES = ['sum', 'min', 'max', 'count'] as const;
export const RULE_OUTPUTS = ['ExpressionResult', 'FieldValue', 'crmObject', 'Row'] as const;

export type HitPolicy = (typeof HIT_POLICIES)[number];
export type Aggregate = (typeof AGGREGATES)[number];
export type RuleOutput = (typeof RULE_OUTPUTS)[number];

/** Rows of which each may give a value, and how one answer is made of the values. */
export interface DecisionTable extends RuleHead {
  readonly form: 'decision-table';
  readonly hitPolicy: HitPolicy;
  /** Set when the policy is G. */
  readonly aggregate: Aggregate | undefined;
  readonly rows: readonly DecisionRow[];
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
