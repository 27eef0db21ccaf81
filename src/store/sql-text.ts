/** What may stand for a `?`. */
export type SqlValue = string | number | null;

/** A condition or statement with its values, in the order of the `?`. */
export interface SqlText {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** A text between quotes, those inside doubled: `"` for a name, `'` for a literal. */
export function quoted(text: string, quote: '"' | "'" = '"'): string {
  return quote + text.replaceAll(quote, quote + quote) + quote;
}
