import type { RunWait } from '../core/run.ts';
import type { RecordedAnswer, StepEffect, StepIntent, StepPurpose } from '../core/step.ts';
import type { CompiledTask } from '../catalog/compiled-workflow.ts';
import { advance, canRenew, dropAgenda, dropFromAgenda, planCleanup, planRenewal } from './flow.ts';
import { inDoubtChoice } from './in-doubt.ts';
import { planNotices } from './notice/plan-notice.ts';
import { DEFAULT_RENEW_ON, type FailureDecision, decideFailure } from './retry-decision.ts';
import type { RunState } from './run-state.ts';
import { type StepFailure, mayHaveActed, storedFailure } from './step-failure.ts';

/** A failed try of a step. `intent` when nothing was begun (the request could not be built), `begun` otherwise. */
export interface FailedStep {
  readonly task: CompiledTask;
  readonly purpose: StepPurpose;
  readonly failure: StepFailure;
  readonly intent?: StepIntent;
  readonly begun?: StepIntent;
  readonly answer: RecordedAnswer | undefined;
  readonly effects: readonly StepEffect[];
  readonly warnings: readonly string[];
}

const CLEANUP_TRIES = 3;

/** Applies the error plan: changes the progress, and adds the step's outcome to what the next commit writes. */
export function handleFailure(state: RunState, failed: FailedStep): void {
  if (failed.purpose === 'cleanup') return handleCleanupFailure(state, failed);
  const decision = decide(state, failed);
  const kept = failed.purpose === 'main' ? keptStep(failed) : undefined;
  const willTryAgain = kept !== undefined && (decision.kind === 'retry' || decision.kind === 'renew');
  addOutcome(state, failed, willTryAgain ? 'waiting' : 'failed', decision.kind === 'go-on' ? [GOES_ON] : []);
  if (kept !== undefined) rememberRetry(state, { kept, failure: failed.failure, isWaiting: willTryAgain });
  if (failed.purpose === 'renew') dropAgenda(state);
  follow(state, failed, decision);
}

const GOES_ON = 'the run goes on with the next task, as coreBOS did; an on-error plan changes that';

function decide(state: RunState, failed: FailedStep): FailureDecision {
  const { engine, progress } = state;
  const { task, failure } = failed;
  const now = engine.clock.now();
  const streak = progress.tries[task.id] ?? { count: 0, firstFailureAt: now };
  progress.tries[task.id] = { ...streak, count: streak.count + 1 };
  const call = task.kind === 'webservice' ? task : undefined;
  return decideFailure({
    failure,
    plan: task.plan?.document,
    renewOn: call?.service?.document.renewOn ?? DEFAULT_RENEW_ON,
    canRenew: failed.purpose === 'main' && canRenew(state, task.id),
    renewals: progress.renewals,
    inDoubt: inDoubtChoice(task),
    goesOnWhenAnswered: call !== undefined && call.map.document.dialect === 'corebos' && !call.document.renew,
    tries: streak.count + 1,
    firstFailureAt: streak.firstFailureAt,
    now,
    random: engine.random.next(),
  });
}

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
  params: { readonly kept: StepIntent; readonly failure: StepFailure; readonly isWaiting: boolean },
): void {
  const { kept, failure, isWaiting } = params;
  const before = progress.retry;
  progress.retry = {
    task: kept.task,
    step: kept.number,
    attempts: kept.attempt,
    frozen: kept.frozen ?? before?.frozen,
    isWaiting,
    mayHaveActed: before?.mayHaveActed === true || mayHaveActed(failure),
  };
}

function follow(state: RunState, failed: FailedStep, decision: FailureDecision): void {
  const { progress, engine } = state;
  const { task, failure } = failed;
  const now = engine.clock.now();
  const stored = storedFailure(failure, task.id, (text) => state.redactor.redact(text));
  const said = `${task.id}: ${stored.code} ${stored.message}`;
  switch (decision.kind) {
    case 'renew':
      progress.renewals++;
      return planRenewal(state, 'gone');
    case 'retry': {
      const tries = progress.tries[task.id]?.count ?? 1;
      return planWait(state, { for: 'time', reason: `${said}, try ${tries + 1}`, since: now, until: decision.at });
    }
    case 'abort':
      progress.handled = true;
      tellPeople(state, failed, said);
      return advance(state, task.id, decision.to);
    case 'go-on':
      progress.passedFailure ??= stored;
      return advance(state, task.id);
    case 'person':
      tellPeople(state, failed, said);
      return planWait(state, { for: 'person', reason: `${said}${BECAUSE[decision.because]}`, since: now });
  }
}

function tellPeople(state: RunState, { task, begun, intent }: FailedStep, said: string): void {
  const step = begun?.number ?? intent?.number ?? state.progress.steps;
  planNotices(state, { plan: task.plan, step, task: task.id, said: `failed at ${said}` });
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
    warnings: [...failed.warnings, ...warnings],
  });
}
