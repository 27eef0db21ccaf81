import type { RetryPlan } from '../core/retry.ts';
import { DEFAULT_RETRY_CAUSES, type NoticeWay, type RetryCause, type RetryDefinition } from '../document/error-plan.ts';
import type { CompiledSource, Scope } from './compiled-source.ts';

/** Something that people are told, compiled. */
export interface CompiledNotice {
  readonly to: readonly string[];
  readonly text: CompiledSource | undefined;
  /** Undefined: as the install's setting says. */
  readonly by: readonly NoticeWay[] | undefined;
  /** The map that carries it, instead of other ways. */
  readonly map: string | undefined;
}

/** How often and when a task is tried again, compiled. */
export interface CompiledRetry {
  readonly definition: RetryDefinition;
  readonly on: readonly RetryCause[];
  /** What has to be read before `resolve`; empty when every value stands in the document. */
  readonly sources: readonly CompiledSource[];
  /**
   * The plan with its values worked out; undefined for none. Rejects with RETRY_VALUE_INVALID, and with what templates
   * reject with. The scope is needed when there are sources.
   */
  resolve(scope: Scope | undefined): Promise<RetryPlan | undefined>;
}

/** An error plan, compiled: what of it is undefined is said by the plan around it. */
export interface CompiledPlan {
  readonly retry: CompiledRetry | undefined;
  readonly notices: readonly CompiledNotice[] | undefined;
  /** A task, or `inbox`. */
  readonly abortTo: string | undefined;
}

/** What is retried, and how, when neither task, map nor service has an error plan. */
export const DEFAULT_RETRY: { readonly plan: RetryPlan; readonly on: readonly RetryCause[] } = {
  plan: {
    kind: 'growing',
    fromMs: 5_000,
    growth: 2,
    toMs: 15 * 60_000,
    withinMs: 3 * 24 * 3_600_000,
    times: undefined,
  },
  on: [...DEFAULT_RETRY_CAUSES, '408'],
};

/** Of retry, notices and abort the nearest each, the first plan being the nearest; undefined when there is no plan at all. */
export function joinPlans(plans: readonly (CompiledPlan | undefined)[]): CompiledPlan | undefined {
  const given = plans.filter((plan) => plan !== undefined);
  if (given.length < 2) return given[0];
  return {
    retry: given.find(({ retry }) => retry !== undefined)?.retry,
    notices: given.find(({ notices }) => notices !== undefined)?.notices,
    abortTo: given.find(({ abortTo }) => abortTo !== undefined)?.abortTo,
  };
}
