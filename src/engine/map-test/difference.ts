import type { Range } from '../../core/diagnostic.ts';

/** One thing in which what happened is not what the case demands. Values are redacted. */
export interface Difference {
  readonly kind: 'sent' | 'parameter' | 'header' | 'body' | 'written' | 'outcome' | 'warning';
  /** What it is about: `parameter element, at productname`. */
  readonly subject: string;
  /** Undefined: nothing was expected. */
  readonly expected: string | undefined;
  /** Undefined: nothing was there. */
  readonly actual: string | undefined;
  /** Where the expectation stands, or the case's name when it has none. */
  readonly range: Range;
  readonly hint: string | undefined;
  /** What would make the document say what happened; undefined when that would put a secret into it. */
  readonly correction: Correction | undefined;
}

/** A change of the test document. */
export type Correction =
  /** Other text between the quotation marks. */
  | { readonly kind: 'attribute'; readonly range: Range; readonly text: string }
  /** Another element in the place of one. */
  | { readonly kind: 'element'; readonly range: Range; readonly element: NewElement }
  | { readonly kind: 'removal'; readonly range: Range }
  /** One more element at the end of the case. */
  | { readonly kind: 'addition'; readonly element: NewElement };

/** An element to be written. */
export interface NewElement {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children?: readonly NewElement[];
  readonly text?: string;
}

/** How a value that happened is written: a text, null, or without its value because it holds a secret. */
export function valueAttributes(value: string | null, shown: string): [name: string, value: string][] {
  if (value === null) return [['null', 'true']];
  return value === shown ? [['value', value]] : [];
}
