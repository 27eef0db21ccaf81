/** Why a text could not be compiled. Offsets count from 0 in the text given. */
export interface CompileProblem {
  /** EXPRESSION_SYNTAX, EXPRESSION_UNKNOWN_FUNCTION, EXPRESSION_UNKNOWN_NAME, TEMPLATE_SYNTAX, PATH_SYNTAX, ... */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly offset: number;
  readonly length: number;
}

export type CompileResult<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly CompileProblem[] }
  | { readonly ok: false; readonly problem: CompileProblem };

/** A name an expression or template uses, found without running it. */
export interface Reference {
  /** `record`, `context`, `setting`, `secret`, `parameter`, ... */
  readonly root: string;
  /** `['account_id', 'accountname']`; empty when the whole root is used (or reached in a way that cannot be told). */
  readonly path: readonly string[];
  readonly offset: number;
  readonly length: number;
}

const LONGEST_SHOWN = 100;

/** A name out of a text as a message shows it: names may be as long as the text. */
export function shownName(name: string): string {
  return name.length <= LONGEST_SHOWN ? name : `${name.slice(0, LONGEST_SHOWN)}...`;
}
