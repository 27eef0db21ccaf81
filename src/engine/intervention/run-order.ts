import type { InboxState } from '../../core/inbox.ts';
import type { Json, JsonObject } from '../../core/json.ts';

/** How the run stood before, for whoever takes the order back. */
interface Replaced {
  /** The state of its row in the inbox; undefined when it had none. */
  readonly state: InboxState | null;
  readonly revision: number;
  /** The edited context keys as they were stored; null for one that was not there. */
  readonly context: JsonObject;
}

/** What a person wants done with a waiting run; kept with its progress until a worker has done it. */
export interface RunOrder {
  /** not-done: the other side did not act, so the same is sent again. */
  readonly action: 'retry' | 'not-done' | 'done' | 'skip';
  readonly by: string;
  readonly at: number;
  /** The job that it is part of; only that one takes it back. */
  readonly job?: number;
  /** skip: the task to go on with; null for the one after. */
  readonly to?: string | null;
  /** done: what the answer would have given, by the name of the field or context key, as context values are stored. */
  readonly outputs?: Readonly<Record<string, Json>>;
  readonly replaced: Replaced;
}
