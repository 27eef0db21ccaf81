/** What a process answers: one argument each, which is copied to it, and a result, which is copied back. */
export type Methods = Readonly<Record<string, Method>>;

/** The argument is known to the two sides, not to the channel between them. */
type Method = { bivariance(params: unknown): unknown }['bivariance'];

/** A question to a process. */
export interface Question {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

/** What became of it. */
export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: string };
