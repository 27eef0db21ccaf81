import { MapwrightError } from '../core/error.ts';

/** QUERY_SYNTAX_ERROR: a query text that cannot be understood, with the place and what was expected there. */
export class QuerySyntaxError extends MapwrightError {
  /** Where in the text, counted from 0 in UTF-16 units. */
  readonly offset: number;
  /** What would have been right there. */
  readonly expected: string;

  constructor(offset: number, expected: string, found: string) {
    super(
      'QUERY_SYNTAX_ERROR',
      `Syntax error in the query at character ${offset + 1}: expected ${expected}, found ${found}`,
    );
    this.offset = offset;
    this.expected = expected;
  }
}
