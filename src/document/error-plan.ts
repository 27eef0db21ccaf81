import type { Located, SourceText } from '../core/diagnostic.ts';

/** What happens when a task fails: retry, then notify, then abort. Always in that order. */
export interface ErrorPlan {
  /** Undefined: the plan says nothing of it, and that of the map or service counts. */
  readonly retry: RetryDefinition | undefined;
  /** Empty: nobody is told. Undefined: the plan says nothing of it. */
  readonly notify: readonly NotifyStep[] | undefined;
  /** The task to go on at, or `inbox`. Undefined: the plan says nothing of it. */
  readonly abortTo: Located<string> | undefined;
}

/** A value that stands in the document, or the template that gives it when a failing streak begins. */
export type PlanValue = number | SourceText;

/** How often and when a failed task is tried again, as it is written. `times` counts retries after the first try. */
export type RetryDefinition =
  /** `times="0"`: what the map or service says does not count either. */
  | { readonly kind: 'none' }
  | {
      readonly kind: 'fixed';
      readonly times: PlanValue;
      readonly everyMs: PlanValue;
      readonly on: readonly RetryCause[];
    }
  | {
      readonly kind: 'growing';
      readonly fromMs: PlanValue;
      readonly growth: PlanValue;
      readonly toMs: PlanValue;
      readonly withinMs: PlanValue;
      readonly times: PlanValue | undefined;
      readonly on: readonly RetryCause[];
    };

/** How a notice reaches people besides the product itself. */
export type NoticeWay = 'app' | 'mail';

export interface NotifyStep {
  readonly to: readonly Located<string>[];
  /** What people are told besides which run failed and why. */
  readonly template: SourceText | undefined;
  /** Undefined: as the install's setting says. */
  readonly by: readonly NoticeWay[] | undefined;
  /** The map that carries the notice, instead of other ways. */
  readonly map: Located<string> | undefined;
}

/** `network`, `timeout`, a status (`429`), a class of statuses (`5xx`), or an error code (`LOCK_TIMEOUT`, `code:17`). */
export type RetryCause = string;

/** What is retried when a plan does not say. */
export const DEFAULT_RETRY_CAUSES: readonly RetryCause[] = ['network', 'timeout', '429', '5xx'];

/** The longest time for which a task is tried again: sessions, keys and people's patience end too. */
export const LONGEST_RETRY_MS = 7 * 24 * 3_600_000;
