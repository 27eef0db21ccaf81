import { nextRetryDelayMs } from '../core/retry.ts';
import { DEFAULT_RETRY_CAUSES, type ErrorPlan, type RetryCause } from '../catalog/compiled-map.ts';
import type { StepFailure } from './step-failure.ts';

/** What happens when neither task, map nor service says anything. */
const DEFAULT_PLAN: ErrorPlan = {
  retry: {
    kind: 'growing',
    fromMs: 5_000,
    growth: 2,
    toMs: 15 * 60_000,
    withinMs: 3 * 24 * 3_600_000,
    times: undefined,
    on: [...DEFAULT_RETRY_CAUSES, '408'],
  },
  notify: [],
  abortTo: undefined,
};

/** Error codes and statuses that mean the session is gone, when the service does not list its own. */
export const DEFAULT_RENEW_ON = [
  'AUTHENTICATION_REQUIRED',
  'INVALID_SESSIONID',
  'INVALID_AUTH_TOKEN',
  'SESSION_EXPIRED',
  'SESSION_LEFT_IDLE',
  '401',
] as const;

/** Renewals at once before a lost session counts as an ordinary failure. */
const MAX_RENEWALS = 2;

export interface FailureQuestion {
  readonly failure: StepFailure;
  /** The nearest plan of task, map and service; undefined when none of them has one. */
  readonly plan: ErrorPlan | undefined;
  readonly renewOn: readonly string[];
  /** True when there is a session that can be opened anew before this task. */
  readonly canRenew: boolean;
  readonly renewals: number;
  readonly inDoubt: 'resend' | 'ask';
  /** True for the coreBOS dialect outside session tasks: after an answered failure the original goes on. */
  readonly goesOnWhenAnswered: boolean;
  /** Tries made, this one included. */
  readonly tries: number;
  readonly firstFailureAt: number;
  readonly now: number;
  readonly random: number;
}

export type FailureDecision =
  | { readonly kind: 'renew' }
  | { readonly kind: 'retry'; readonly at: number }
  | { readonly kind: 'abort'; readonly to: string }
  | { readonly kind: 'go-on' }
  | { readonly kind: 'person'; readonly because: 'in-doubt' | 'tries-used-up' | 'not-retryable' };

/** The error plan applied, always in this order: doubt, session, retry, abort, and else a person decides. */
export function decideFailure(question: FailureQuestion): FailureDecision {
  const { failure, plan } = question;
  if (failure.inDoubt && question.inDoubt === 'ask') return { kind: 'person', because: 'in-doubt' };
  if (isSessionLost(question)) return { kind: 'renew' };
  const { retry, abortTo } = plan ?? DEFAULT_PLAN;
  const mayRetry = retry !== undefined && isCause(retry.on, failure);
  const delay = mayRetry ? nextRetryDelayMs({ ...question, plan: retry }) : undefined;
  if (delay !== undefined) return { kind: 'retry', at: question.now + delay };
  if (abortTo !== undefined && abortTo.value !== 'inbox') return { kind: 'abort', to: abortTo.value };
  const wasAnswered = failure.cause === 'answer' || failure.cause === 'evaluation';
  if (plan === undefined && question.goesOnWhenAnswered && wasAnswered && !mayRetry) return { kind: 'go-on' };
  return { kind: 'person', because: mayRetry ? 'tries-used-up' : 'not-retryable' };
}

function isSessionLost({ failure, renewOn, canRenew, renewals }: FailureQuestion): boolean {
  if (!canRenew || renewals >= MAX_RENEWALS) return false;
  return [failure.remoteCode, failure.status?.toString()].some((code) => code !== undefined && renewOn.includes(code));
}

function isCause(causes: readonly RetryCause[], failure: StepFailure): boolean {
  if (failure.cause === 'network' || failure.cause === 'timeout') return causes.includes(failure.cause);
  const status = failure.cause === 'answer' ? failure.status : undefined;
  if (status === undefined) return false;
  return causes.includes(String(status)) || causes.includes(`${Math.floor(status / 100)}xx`);
}
