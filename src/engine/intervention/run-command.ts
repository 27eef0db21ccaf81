import type { Json, JsonObject } from '../../core/json.ts';

/** Changes of a run's context. A sensitive value stays one, whatever it is set to. */
export interface ContextEdit {
  readonly set?: JsonObject;
  readonly unset?: readonly string[];
}

/** What the run goes on with, where that is not what it stopped with. */
interface Changed {
  readonly context?: ContextEdit;
  /** The revision that it keeps to from now on. */
  readonly revision?: number | 'latest';
}

/** What a person may do about a run that waits or has failed. */
export type RunCommand =
  /** Try the failed step again. */
  | ({ readonly kind: 'retry' } & Changed)
  /** The other side did not act: send the same again. For a run in doubt. */
  | ({ readonly kind: 'not-done' } & Changed)
  /** Leave the task out, and go on with another one; with the next one when none is named. */
  | ({ readonly kind: 'skip'; readonly to?: string } & Changed)
  /** It was done: go on as after an answer that gave these outputs, by the name of the field or context key. */
  | { readonly kind: 'done'; readonly outputs?: Readonly<Record<string, Json>> }
  /** Begin anew, as another run with the same trigger; this one is canceled. */
  | ({ readonly kind: 'restart' } & Changed)
  | { readonly kind: 'cancel' }
  /** The rest changes nothing about the run: who looks after it, and whether it still needs somebody. */
  | { readonly kind: 'acknowledge' | 'ignore' | 'reopen'; readonly note?: string }
  /** Null: nobody. */
  | { readonly kind: 'assign'; readonly owner: string | null; readonly note?: string };

export type RunCommandKind = RunCommand['kind'];
