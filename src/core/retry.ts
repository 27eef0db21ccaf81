/** How often and when a failed call is tried again. `times` counts retries after the first try. */
export type RetryPlan =
  | { readonly kind: 'fixed'; readonly times: number; readonly everyMs: number }
  | {
      readonly kind: 'growing';
      readonly fromMs: number;
      readonly growth: number;
      readonly toMs: number;
      /** No retry starts later than this after the first failure. */
      readonly withinMs: number;
      readonly times: number | undefined;
    };

export interface RetryQuestion {
  readonly plan: RetryPlan;
  /** Tries made so far, all failed: 1 after the first. */
  readonly tries: number;
  readonly firstFailureAt: number;
  readonly now: number;
  /** In [0, 1): spreads growing delays over the lower half to the whole of their length. */
  readonly random: number;
  /** The other side asked not to be called sooner, in milliseconds. */
  readonly pauseMs?: number;
}

/**
 * Milliseconds until the next try; undefined when the plan is used up.
 * Fixed plans are exact. Growing plans give between a half and the whole of `from * growth^(tries-1)`, at most `to`.
 * A pause that the other side asked for is never cut short.
 */
export function nextRetryDelayMs(question: RetryQuestion): number | undefined {
  const { plan, tries, now, firstFailureAt, random, pauseMs = 0 } = question;
  if (plan.kind === 'fixed') return tries <= plan.times ? Math.max(plan.everyMs, pauseMs) : undefined;
  if (plan.times !== undefined && tries > plan.times) return undefined;
  const whole = Math.min(plan.toMs, plan.fromMs * plan.growth ** (tries - 1));
  const delay = Math.max(pauseMs, Math.round(whole / 2 + (whole / 2) * random));
  return now + delay - firstFailureAt <= plan.withinMs ? delay : undefined;
}
