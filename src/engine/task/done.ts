import type { StepEffect } from '../../core/step.ts';
import type { RunState } from '../run-state.ts';

/** Ends the step of a task without a call. It is committed with the next step's intent. */
export function done(
  state: RunState,
  task: string,
  effects: readonly StepEffect[],
  warnings: readonly string[] = [],
): void {
  const { steps, round } = state.progress;
  state.pending.outcomes.push({
    number: steps,
    status: 'done',
    intent: { number: steps, task, purpose: 'main', round, attempt: 1, frozen: undefined, request: undefined },
    answer: undefined,
    failure: undefined,
    effects,
    warnings,
  });
}
