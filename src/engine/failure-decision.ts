import type { RetryPlan } from '../core/retry.ts';
import { type CompiledPlan, DEFAULT_RETRY } from '../catalog/compiled-plan.ts';
import { messageOf } from '../core/error.ts';
import type { FailedStep } from './failed-step.ts';
import { canRenew } from './flow.ts';
import { inDoubtChoice } from './in-doubt.ts';
import { lookStreak } from './progress.ts';
import { DEFAULT_RENEW_ON, type FailureDecision, decideFailure } from './retry-decision.ts';
import type { RunState } from './run-state.ts';
import { scopeOf } from './scope.ts';

/** How long an answer's Retry-After may make a run wait when its service does not say. */
const LONGEST_PAUSE_MS = 3_600_000;

/** What becomes of a failed try, and what is to be told with it. */
export interface DecidedFailure {
  readonly decision: FailureDecision;
  readonly warnings: readonly string[];
  /** When that was decided. */
  readonly now: number;
  /** The pause that the other side asked for and how much of it is granted; undefined when it asked for none. */
  readonly pause: { readonly askedMs: number; readonly grantedMs: number } | undefined;
}

/** Names a failing streak: a look at the other side has one of its own. */
export function streakOf({ task, purpose }: Pick<FailedStep, 'task' | 'purpose'>): string {
  return purpose === 'look' ? lookStreak(task.id) : task.id;
}

/** Counts the failure and applies the error plan to it. */
export async function decideOn(state: RunState, failed: FailedStep): Promise<DecidedFailure> {
  const { engine, progress } = state;
  const { task, failure, purpose } = failed;
  const now = engine.clock.now();
  const key = streakOf(failed);
  const before = progress.tries[key];
  const { retry, warnings } = await retryOf(state, { task: task.id, plan: task.plan, known: before?.plan });
  const costsNoTry = isFree(failed);
  const streak = { count: (before?.count ?? 0) + 1, firstFailureAt: before?.firstFailureAt ?? now };
  const isComputed = (task.plan?.retry?.sources.length ?? 0) > 0;
  if (!costsNoTry) progress.tries[key] = { ...streak, ...(isComputed ? { plan: retry?.plan ?? null } : {}) };
  const call = task.kind === 'webservice' ? task : undefined;
  const pause = pauseOf(failure.retryAfterMs, call?.service?.document.limit.retryAfterMs);
  const decision = decideFailure({
    failure,
    retry,
    abortTo: purpose === 'look' ? undefined : task.plan?.abortTo,
    isPlanned: task.plan !== undefined,
    renewOn: call?.service?.document.renewOn ?? DEFAULT_RENEW_ON,
    canRenew: purpose !== 'renew' && canRenew(state, task.id),
    renewals: progress.renewals,
    inDoubt: purpose === 'look' ? 'resend' : inDoubtChoice(task),
    goesOnWhenAnswered: call !== undefined && call.map.document.dialect === 'corebos' && !call.document.renew,
    costsNoTry,
    tries: streak.count,
    firstFailureAt: streak.firstFailureAt,
    now,
    random: engine.random.next(),
    pauseMs: pause?.grantedMs ?? 0,
  });
  return { decision, warnings, now, pause };
}

/** An outage uses no tries: neither those who wait for its end, nor the one that looks whether it has ended. */
function isFree({ isProbe, failure: { cause, status = 0, isElsewhere = false } }: FailedStep): boolean {
  if (isElsewhere) return false;
  return isProbe === true && (cause === 'network' || cause === 'timeout' || (status >= 502 && status <= 504));
}

function pauseOf(askedMs: number | undefined, longestMs = LONGEST_PAUSE_MS): DecidedFailure['pause'] {
  return askedMs === undefined || askedMs === 0 ? undefined : { askedMs, grantedMs: Math.min(askedMs, longestMs) };
}

interface PlanQuestion {
  readonly task: string;
  readonly plan: CompiledPlan | undefined;
  /** What the streak's first failure worked out; null: no retries. */
  readonly known: RetryPlan | null | undefined;
}

/** A plan whose values cannot be worked out must not hide the failure: a person looks at it then. */
async function retryOf(
  state: RunState,
  { task, plan, known }: PlanQuestion,
): Promise<{
  readonly retry: { readonly plan: RetryPlan; readonly on: readonly string[] } | undefined;
  readonly warnings: readonly string[];
}> {
  if (plan === undefined) return { retry: DEFAULT_RETRY, warnings: [] };
  const { retry } = plan;
  if (retry === undefined || known === null) return { retry: undefined, warnings: [] };
  if (known !== undefined) return { retry: { plan: known, on: retry.on }, warnings: [] };
  try {
    const { sources } = retry;
    const scope = sources.length === 0 ? undefined : await scopeOf(state, { sources, frozen: undefined, task });
    const resolved = await retry.resolve(scope);
    return { retry: resolved && { plan: resolved, on: retry.on }, warnings: [] };
  } catch (thrown) {
    const said = state.redactor.redact(messageOf(thrown));
    return { retry: undefined, warnings: [`it is not tried again, because its plan cannot be worked out: ${said}`] };
  }
}
