import { setTimeout as pause } from 'node:timers/promises';
import { MapwrightError } from '../core/error.ts';
import type { StepIntent, StepPurpose } from '../core/step.ts';
import type { CompiledTask } from '../catalog/compiled-workflow.ts';
import { commitState } from './commit.ts';
import { handleFailure } from './failed-step.ts';
import type { PendingRetry, Progress } from './progress.ts';
import type { RunState } from './run-state.ts';
import { failureOfEvaluation } from './step-failure.ts';

const MAX_CONFLICTS = 20;
const CLEANUP_PAUSE_MS = 200;

/** What tells one try of a step from all others. */
export type StepIdentity = Omit<StepIntent, 'frozen' | 'request'>;

/** How a step that reaches outside is begun. */
export interface StepBeginning<T extends { readonly intent: StepIntent }> {
  readonly task: CompiledTask;
  readonly purpose: StepPurpose;
  /** Builds what is to be sent; `again` is the step that is tried once more. What it throws fails the step. */
  prepare(identity: StepIdentity, again: PendingRetry | undefined): Promise<T>;
}

/** Builds what is to be sent and commits the intent to send it, with all that is pending. Nothing has been sent before that. */
export async function beginStep<T extends { readonly intent: StepIntent }>(
  state: RunState,
  beginning: StepBeginning<T>,
): Promise<T | 'go-on' | 'stop'> {
  const { progress } = state;
  const { task, purpose } = beginning;
  const retry = retryOf(progress, purpose);
  const again = retry?.task === task.id ? retry : undefined;
  if (purpose === 'cleanup' && again !== undefined) await pause(CLEANUP_PAUSE_MS * again.attempts);
  if (again === undefined) progress.steps++;
  for (let tries = 0; tries < MAX_CONFLICTS; tries++) {
    const attempt = await prepare(state, beginning, again);
    if (attempt === 'failed') return 'go-on';
    const committed = await commitState(state, { begin: attempt.intent, then: { kind: 'go-on' } });
    if (committed === 'lost') return 'stop';
    if (committed === 'conflict') continue;
    // The answer to the commit may have come long after it: somebody else may be sending this step by now.
    if (!(await state.confirmHeld())) return 'stop';
    return state.cancel === undefined || purpose === 'cleanup' ? attempt : cancelUnsent(state, attempt.intent);
  }
  throw new MapwrightError('RUN_CONFLICT', 'the record changed too often to begin the step', { retryable: true });
}

function retryOf(progress: Progress, purpose: StepPurpose): PendingRetry | undefined {
  if (purpose === 'look') return progress.look?.retry;
  return purpose === 'main' ? progress.retry : progress.agendaRetry;
}

async function prepare<T extends { readonly intent: StepIntent }>(
  state: RunState,
  beginning: StepBeginning<T>,
  again: PendingRetry | undefined,
): Promise<T | 'failed'> {
  const { progress } = state;
  const { task, purpose } = beginning;
  const identity: StepIdentity = {
    number: again?.step ?? progress.steps,
    task: task.id,
    purpose,
    round: progress.round,
    attempt: (again?.attempts ?? 0) + 1,
  };
  try {
    return await beginning.prepare(identity, again);
  } catch (thrown) {
    await handleFailure(state, {
      task,
      purpose,
      failure: failureOfEvaluation(thrown),
      intent: { ...identity, frozen: undefined, request: undefined },
      answer: undefined,
      effects: [],
      warnings: [],
    });
    return 'failed';
  }
}

function cancelUnsent(state: RunState, intent: StepIntent): 'go-on' {
  state.progress.retry = undefined;
  state.pending.outcomes.push({
    number: intent.number,
    status: 'failed',
    answer: undefined,
    failure: { code: 'RUN_CANCELED', message: 'canceled before it was sent', task: intent.task },
    effects: [],
    warnings: [],
  });
  return 'go-on';
}
