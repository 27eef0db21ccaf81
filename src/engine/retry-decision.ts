import { nextRetryDelayMs, type RetryPlan } from '../core/retry.ts';
import type { RetryCause } from '../catalog/compiled-map.ts';
import type { StepFailure } from './step-failure.ts';

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
  /** How the task is tried again; undefined: not at all. */
  readonly retry: { readonly plan: RetryPlan; readonly on: readonly RetryCause[] } | undefined;
  /** The task to go on at, or `inbox`, as the nearest plan says. */
  readonly abortTo: string | undefined;
  /** False when neither task, map nor service has an error plan. */
  readonly isPlanned: boolean;
  readonly renewOn: readonly string[];
  /** True when there is a session that can be opened anew before this task. */
  readonly canRenew: boolean;
  readonly renewals: number;
  readonly inDoubt: 'resend' | 'ask' | 'look';
  /** True for the coreBOS dialect outside session tasks: after an answered failure the original goes on. */
  readonly goesOnWhenAnswered: boolean;
  /** True when the try only looked whether a destination that is down answers again, and it does not. */
  readonly costsNoTry: boolean;
  /** Tries made, this one included. */
  readonly tries: number;
  readonly firstFailureAt: number;
  readonly now: number;
  readonly random: number;
  /** The pause that the other side asked for, as far as it is granted. */
  readonly pauseMs: number;
}

/** What the error plan says of a failure that is not in doubt, or no longer. */
export type PlannedDecision =
  | { readonly kind: 'retry'; readonly at: number }
  | { readonly kind: 'abort'; readonly to: string }
  | { readonly kind: 'go-on' }
  | { readonly kind: 'person'; readonly because: 'in-doubt' | 'tries-used-up' | 'not-retryable' };

export type FailureDecision =
  | { readonly kind: 'renew' }
  /** Another map finds out, from `at` on, whether the other side acted; when it did not, `then` follows. */
  | { readonly kind: 'look'; readonly at: number; readonly then: PlannedDecision }
  | PlannedDecision;

/** The error plan applied, always in this order: doubt, session, retry, abort, and else a person decides. */
export function decideFailure(question: FailureQuestion): FailureDecision {
  const { failure } = question;
  if (failure.inDoubt && question.inDoubt === 'ask') return { kind: 'person', because: 'in-doubt' };
  if (isSessionLost(question)) return { kind: 'renew' };
  const planned = applyPlan(question);
  if (!failure.inDoubt || question.inDoubt !== 'look') return planned;
  return { kind: 'look', at: planned.kind === 'retry' ? planned.at : question.now, then: planned };
}

function applyPlan(question: FailureQuestion): PlannedDecision {
  const { failure, retry, abortTo, pauseMs } = question;
  // Back to where all others wait for the end of the outage, whatever its plan says.
  if (question.costsNoTry) return { kind: 'retry', at: question.now + pauseMs };
  const mayRetry = retry !== undefined && isCause(retry.on, failure);
  const delay = mayRetry ? nextRetryDelayMs({ ...question, plan: retry.plan, pauseMs }) : undefined;
  if (delay !== undefined) return { kind: 'retry', at: question.now + delay };
  if (abortTo !== undefined && abortTo !== 'inbox') return { kind: 'abort', to: abortTo };
  const wasAnswered = failure.cause === 'answer' || failure.cause === 'evaluation';
  if (!question.isPlanned && question.goesOnWhenAnswered && wasAnswered && !mayRetry) return { kind: 'go-on' };
  return { kind: 'person', because: mayRetry ? 'tries-used-up' : 'not-retryable' };
}

function isSessionLost({ failure, renewOn, canRenew, renewals }: FailureQuestion): boolean {
  if (!canRenew || renewals >= MAX_RENEWALS) return false;
  return [failure.remoteCode, failure.status?.toString()].some((code) => code !== undefined && renewOn.includes(code));
}

function isCause(causes: readonly RetryCause[], failure: StepFailure): boolean {
  const { cause, code, remoteCode } = failure;
  if ((cause === 'network' || cause === 'timeout') && causes.includes(cause)) return true;
  const codes = [code, remoteCode].filter((one) => one !== undefined);
  if (codes.some((one) => causes.includes(`code:${one}`) || (isCode(one) && causes.includes(one)))) return true;
  const status = cause === 'answer' ? failure.status : undefined;
  if (status === undefined) return false;
  return causes.includes(String(status)) || causes.includes(`${Math.floor(status / 100)}xx`);
}

/** A code of the other side's called `503` or `timeout` is none of the words with a meaning of their own. */
function isCode(text: string): boolean {
  return /^[A-Z]/u.test(text);
}
