import { durationText } from '../core/duration-text.ts';
import type { Failure, RunWait } from '../core/run.ts';
import type { RecordedAnswer, StepEffect, StepIntent, StepPurpose } from '../core/step.ts';
import type { CompiledTask } from '../catalog/compiled-workflow.ts';
import { reachedBy } from './intervention/reached-by.ts';
import { type DecidedFailure, decideOn, streakOf } from './failure-decision.ts';
import { advance, dropAgenda, dropFromAgenda, planCleanup, planRenewal } from './flow.ts';
import { startLook } from './look.ts';
import { planNotices } from './notice/plan-notice.ts';
import type { FailureDecision, PlannedDecision } from './retry-decision.ts';
import type { RunState } from './run-state.ts';
import { answerOfFailure } from './step-answer.ts';
import { type StepFailure, mayHaveActed, storedFailure } from './step-failure.ts';

/** A failed try of a step. `intent` when nothing was begun (the request could not be built), `begun` otherwise. */
export interface FailedStep {
  readonly task: CompiledTask;
  readonly purpose: StepPurpose;
  readonly failure: StepFailure;
  readonly intent?: StepIntent;
  readonly begun?: StepIntent;
  /** True when the try looked whether a destination that is down answers again. */
  readonly isProbe?: boolean | undefined;
  readonly answer: RecordedAnswer | undefined;
  readonly effects: readonly StepEffect[];
  readonly warnings: readonly string[];
}

const CLEANUP_TRIES = 3;

/** Applies the error plan: changes the progress, and adds the step's outcome to what the next commit writes. */
export async function handleFailure(state: RunState, failed: FailedStep): Promise<void> {
  if (failed.purpose === 'cleanup') return handleCleanupFailure(state, failed);
  const decided = await decideOn(state, failed);
  const { decision } = decided;
  const kept = failed.purpose === 'renew' ? undefined : keptStep(failed);
  const willTryAgain = kept !== undefined && TRIES_AGAIN.has(decision.kind);
  const said = decision.kind === 'go-on' ? [GOES_ON] : [];
  addOutcome(state, failed, willTryAgain ? 'waiting' : 'failed', [...decided.warnings, ...said]);
  if (kept !== undefined) rememberRetry(state, { ...failed, kept, isWaiting: willTryAgain });
  if (failed.purpose === 'renew') dropAgenda(state);
  follow(state, failed, decided);
}

const TRIES_AGAIN: ReadonlySet<FailureDecision['kind']> = new Set<FailureDecision['kind']>(['retry', 'renew', 'look']);

const GOES_ON = 'the run goes on with the next task, as coreBOS did; an on-error plan changes that';

/**
 * The step that another try would belong to. One whose very first request could not be built is not begun again, unless for
 * want of an answer to a question that comes before it.
 */
function keptStep({ begun, intent, failure }: FailedStep): StepIntent | undefined {
  const isUnanswered = failure.cause === 'network' || failure.cause === 'timeout';
  return begun ?? (intent !== undefined && (intent.attempt > 1 || isUnanswered) ? intent : undefined);
}

function rememberRetry(
  { progress }: RunState,
  params: {
    readonly kept: StepIntent;
    readonly purpose: StepPurpose;
    readonly failure: StepFailure;
    readonly isWaiting: boolean;
  },
): void {
  const { kept, failure, isWaiting } = params;
  const { look } = progress;
  const before = params.purpose === 'look' ? look?.retry : progress.retry;
  const retry = {
    task: kept.task,
    step: kept.number,
    attempts: kept.attempt,
    frozen: kept.frozen ?? before?.frozen,
    isWaiting,
    mayHaveActed: before?.mayHaveActed === true || mayHaveActed(failure),
  };
  if (params.purpose !== 'look') progress.retry = retry;
  // A look that failed for good begins anew when a person says so.
  else if (look !== undefined) progress.look = { ...look, retry: isWaiting ? retry : undefined };
}

function follow(state: RunState, failed: FailedStep, { decision, now, pause }: DecidedFailure): void {
  const { progress } = state;
  const { task } = failed;
  const stored = storedFailure(failed.failure, task.id, (text) => state.redactor.redact(text));
  switch (decision.kind) {
    case 'renew':
      progress.renewals++;
      return planRenewal(state, 'gone');
    case 'retry': {
      const tries = progress.tries[streakOf(failed)]?.count ?? 1;
      const reason = `${saidOf(failed, stored)}, try ${tries + 1}${saidPause(pause)}`;
      return planWait(state, { for: 'time', reason, since: now, until: decision.at });
    }
    case 'look':
      return startLook(state, { task, failure: stored, answer: failed.answer, at: decision.at, then: decision.then });
    default:
      return followPlan(state, { ...failed, stored, decision });
  }
}

/** A failure that is not tried again: people are told, and the run goes on elsewhere or waits for a person. */
export function followPlan(
  state: RunState,
  failed: Pick<FailedStep, 'task' | 'purpose' | 'answer' | 'begun' | 'intent'> & {
    readonly stored: Failure;
    readonly decision: Exclude<PlannedDecision, { kind: 'retry' }>;
  },
): void {
  const { progress, engine } = state;
  const { task, stored, decision } = failed;
  if (decision.kind === 'go-on') {
    progress.passedFailure ??= stored;
    progress.answer = answerOfFailure(task.id, stored, failed.answer);
    return advance(state, task.id);
  }
  const said = saidOf(failed, stored);
  tellPeople(state, failed, said);
  const cameBack = decision.kind === 'abort' && progress.aborted.includes(task.id);
  if (decision.kind === 'abort' && !cameBack) {
    progress.handled = true;
    progress.aborted = [...progress.aborted, task.id];
    progress.answer = answerOfFailure(task.id, stored, failed.answer);
    return advance(state, task.id, decision.to);
  }
  // A plan that leads back to what failed would go round for ever.
  const because = decision.kind === 'person' ? BECAUSE[decision.because] : '; its abort has led back to it';
  const reason = `${said}${because}`;
  const inDoubt = failed.purpose === 'look' || (decision.kind === 'person' && decision.because === 'in-doubt');
  const cause = { code: stored.code, destination: reachedBy(task), task: task.id, message: reason, inDoubt };
  planCleanup(state, { kind: 'wait', wait: { for: 'person', reason, since: engine.clock.now() }, cause });
}

/** `create: CALL_TIMEOUT ...`; of a look, that it was one. */
function saidOf({ task, purpose }: Pick<FailedStep, 'task' | 'purpose'>, { code, message }: Failure): string {
  const look = purpose === 'look' ? 'it is unknown whether the other side acted, and the look failed: ' : '';
  return `${task.id}: ${look}${code} ${message}`;
}

function saidPause(pause: DecidedFailure['pause']): string {
  if (pause === undefined) return '';
  const asked = durationText(pause.askedMs);
  const granted = pause.grantedMs < pause.askedMs ? `, of which ${durationText(pause.grantedMs)} is granted` : '';
  return `; the other side asked for a pause of ${asked} (Retry-After)${granted}`;
}

function tellPeople(
  state: RunState,
  failed: Pick<FailedStep, 'task' | 'answer' | 'begun' | 'intent'> & { readonly stored: Failure },
  said: string,
): void {
  const { task, begun, intent, stored, answer } = failed;
  const step = begun?.number ?? intent?.number ?? state.progress.steps;
  const seen = answerOfFailure(task.id, stored, answer);
  planNotices(state, { plan: task.plan, step, task: task.id, said: `failed at ${said}`, answer: seen });
}

const BECAUSE = {
  'in-doubt': '; it is unknown whether the other side acted',
  'tries-used-up': '; all tries of the plan are used up',
  'not-retryable': '',
} as const;

/** Sessions are closed before a wait: a retry opens its own. */
function planWait(state: RunState, wait: RunWait): void {
  planCleanup(state, { kind: 'wait', wait });
}

/** An always task gets a few quick tries; after that its failure is a warning, never an outcome. */
function handleCleanupFailure(state: RunState, failed: FailedStep): void {
  const { progress } = state;
  const { task, begun, failure } = failed;
  const isPassing = failure.cause === 'network' || failure.cause === 'timeout' || (failure.status ?? 0) >= 500;
  if (begun !== undefined && isPassing && begun.attempt < CLEANUP_TRIES) {
    addOutcome(state, failed, 'waiting', []);
    const { number: step, attempt: attempts, frozen } = begun;
    progress.agendaRetry = { task: task.id, step, attempts, frozen, isWaiting: true };
    return;
  }
  addOutcome(state, failed, 'failed', ['an always task that fails changes nothing about the outcome of the run']);
  progress.cleanedAt[task.id] = begun?.number ?? progress.steps;
  dropFromAgenda(state, task.id);
}

function addOutcome(
  state: RunState,
  failed: FailedStep,
  status: 'waiting' | 'failed',
  warnings: readonly string[],
): void {
  const { failure, task, intent, begun, answer, effects } = failed;
  state.pending.outcomes.push({
    number: begun?.number ?? intent?.number ?? state.progress.steps,
    status,
    ...(intent === undefined ? {} : { intent }),
    answer,
    failure: storedFailure(failure, task.id, (text) => state.redactor.redact(text)),
    effects,
    warnings: [...failed.warnings, ...warnings].map((warning) => state.redactor.redact(warning)),
  });
}
