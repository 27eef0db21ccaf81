import type { Located, SourceText } from '../core/diagnostic.ts';
import type { RetryPlan } from '../core/retry.ts';

/** What happens when a task fails: retry, then notify, then abort. Always in that order. */
export interface ErrorPlan {
  readonly retry: (RetryPlan & { readonly on: readonly RetryCause[] }) | undefined;
  readonly notify: readonly NotifyStep[];
  /** The task to go on at, or `inbox`. Undefined: the run waits for a person. */
  readonly abortTo: Located<string> | undefined;
}

export interface NotifyStep {
  readonly to: readonly Located<string>[];
  /** What people are told besides which run failed and why. */
  readonly template: SourceText | undefined;
}

/** `network`, `timeout`, a status (`429`) or a class of statuses (`5xx`). */
export type RetryCause = string;

/** What is retried when a plan does not say. */
export const DEFAULT_RETRY_CAUSES: readonly RetryCause[] = ['network', 'timeout', '429', '5xx'];
