import type { Located, SourceText } from '../core/diagnostic.ts';

/** What every document has. */
export interface DocumentHead {
  readonly name: string;
  /** Where the name stands, or the root element when the name comes from the file. */
  readonly nameAt: Located<string>;
  readonly file: string;
  readonly label: string | undefined;
  readonly author: string | undefined;
  readonly description: string | undefined;
  /** The name of a picture. */
  readonly logo?: string | undefined;
}

/** One condition that needs no code: `<condition field="status" is="changed-to" value="Shipped"/>`. */
export interface Condition {
  readonly field: Located<string>;
  readonly is: ConditionOperator;
  readonly value: string | undefined;
}

export const CONDITION_OPERATORS = [
  'empty',
  'not-empty',
  'equal',
  'not-equal',
  'less',
  'greater',
  'at-most',
  'at-least',
  'contains',
  'not-contains',
  'starts-with',
  'ends-with',
  'one-of',
  'changed',
  'changed-to',
  'changed-from',
] as const;

export type ConditionOperator = (typeof CONDITION_OPERATORS)[number];

/** When something happens: all conditions hold, of both kinds, and the JSONata text, when given, is true. */
export interface Guard {
  readonly conditions: readonly Condition[];
  /** JSON lists of conditions as coreBOS stores them. */
  readonly legacy: readonly SourceText[];
  readonly jsonata: SourceText | undefined;
}
