import type { CallOutcome } from '../core/call.ts';
import type { Continuation } from '../core/journal.ts';
import type { StepIntent, StepOutcome } from '../core/step.ts';
import type { RunState } from './run-state.ts';

/** Tells of the tries that a commit at `at` ended, before their state is forgotten. Builds nothing when nobody listens. */
export function tellSteps(state: RunState, outcomes: readonly StepOutcome[], at: number): void {
  const { engine, lease, begun } = state;
  if (outcomes.length === 0 || !engine.hears('step-ended')) return;
  const { id: run, workflow } = lease.run;
  for (const outcome of outcomes) {
    const { number, status, failure } = outcome;
    const own = begun?.number === number ? begun : undefined;
    const { task, purpose } = nameOf(outcome, own);
    const durationMs = own === undefined ? 0 : Math.max(0, at - own.at);
    engine.onEvent({
      kind: 'step-ended',
      run,
      workflow,
      step: number,
      task,
      purpose,
      status,
      durationMs,
      code: failure?.code,
    });
  }
}

/** A step of an earlier claim that is given up now is known by its failure alone. */
function nameOf(outcome: StepOutcome, begun: RunState['begun']): Pick<StepIntent, 'task' | 'purpose'> {
  return outcome.intent ?? begun ?? { task: outcome.failure?.task ?? '', purpose: 'main' };
}

/** Tells that a call was answered, or was not. */
export function tellCall(
  { engine, lease }: RunState,
  { number: step, task }: Pick<StepIntent, 'number' | 'task'>,
  { destination, outcome }: { readonly destination: string; readonly outcome: CallOutcome },
): void {
  if (!engine.hears('call-ended')) return;
  const { id: run, workflow } = lease.run;
  const told = outcome.kind === 'answered' ? outcome.answer : outcome.failure;
  engine.onEvent({
    kind: 'call-ended',
    run,
    workflow,
    step,
    task,
    destination,
    outcome: 'status' in told ? told.status : told.cause,
    code: 'code' in told ? told.code : undefined,
    durationMs: told.durationMs,
  });
}

/** Tells that a run begins. */
export function tellStart({ engine, lease }: RunState): void {
  if (!engine.hears('run-started')) return;
  const { id, workflow, recordId } = lease.run;
  engine.onEvent({ kind: 'run-started', run: id, workflow, recordId });
}

/** Tells that a run waits or has ended, after that was committed. */
export function tellContinuation({ engine, lease }: Pick<RunState, 'engine' | 'lease'>, then: Continuation): void {
  const { id: run, workflow } = lease.run;
  if (then.kind === 'wait' && engine.hears('run-waiting')) {
    engine.onEvent({ kind: 'run-waiting', run, workflow, wait: then.wait });
  }
  if (then.kind === 'end' && engine.hears('run-ended')) {
    const { status, failure, handled } = then;
    engine.onEvent({ kind: 'run-ended', run, workflow, status, failure, handled });
  }
}
