import { MapwrightError } from '../core/error.ts';
import type { CompiledLocalTask } from '../catalog/compiled-workflow.ts';
import { commitState } from './commit.ts';
import { handleFailure } from './failed-step.ts';
import type { RunState } from './run-state.ts';
import { takeSnapshot } from './state-snapshot.ts';
import { failureOfEvaluation } from './step-failure.ts';
import { choose } from './task/choose.ts';
import { createRecord } from './task/create-record.ts';
import { end } from './task/end.ts';
import { computeContext } from './task/expression.ts';
import { launch } from './task/launch.ts';
import { notify } from './task/notify.ts';
import { setFields } from './task/set-fields.ts';
import { upsert } from './task/upsert.ts';

const MAX_CONFLICTS = 20;

/**
 * Performs a task that calls nobody. What it decides is committed with the next step's intent; what it decides about
 * other records is committed at once, and decided again when one of them has changed meanwhile. `stop`: the run was
 * lost to another holder.
 */
export async function performLocalTask(state: RunState, task: CompiledLocalTask): Promise<'go-on' | 'stop'> {
  // A search sees only what is committed.
  if (task.kind === 'upsert' && Object.keys(state.pending.fields).length > 0) {
    const before = await commitUntilDecided(state, async () => undefined);
    if (before === 'lost') return 'stop';
    if (before === 'canceled') return 'go-on';
  }
  if (task.kind !== 'create-record' && task.kind !== 'upsert' && task.kind !== 'launch') {
    await perform(state, task);
    return 'go-on';
  }
  const outcome = await commitUntilDecided(state, () => perform(state, task));
  return outcome === 'lost' ? 'stop' : 'go-on';
}

/** Decides and commits until nothing that was decided on changes in between; then RUN_CONFLICT. */
export async function commitUntilDecided(
  state: RunState,
  decide: () => Promise<void>,
): Promise<'committed' | 'canceled' | 'lost'> {
  for (let tries = 0; tries < MAX_CONFLICTS; tries++) {
    const undo = takeSnapshot(state);
    await decide();
    const outcome = await commitState(state, { then: { kind: 'go-on' } });
    if (outcome !== 'conflict') return outcome;
    const isCanceled = state.cancel !== undefined;
    undo();
    if (!isCanceled) continue;
    // The run's own record is gone: there is nothing to write to.
    state.pending.fields = {};
    return 'canceled';
  }
  throw new MapwrightError('RUN_CONFLICT', 'the records changed too often to be written', { retryable: true });
}

async function perform(state: RunState, task: CompiledLocalTask): Promise<void> {
  const undo = takeSnapshot(state);
  state.progress.steps++;
  try {
    await performByKind(state, task);
  } catch (thrown) {
    // Without a database nothing can be told of the task: the run is worked on again.
    if (thrown instanceof MapwrightError && thrown.code === 'STORE_UNAVAILABLE') throw thrown;
    undo();
    state.progress.steps++;
    await tellFailure(state, task, thrown);
  }
}

function performByKind(state: RunState, task: CompiledLocalTask): Promise<void> | void {
  switch (task.kind) {
    case 'set-fields':
      return setFields(state, task);
    case 'create-record':
      return createRecord(state, task);
    case 'upsert':
      return upsert(state, task);
    case 'expression':
      return computeContext(state, task);
    case 'launch':
      return launch(state, task);
    case 'notify':
      return notify(state, task);
    case 'choose':
      return choose(state, task);
    case 'end':
      return end(state, task);
  }
}

async function tellFailure(state: RunState, task: CompiledLocalTask, thrown: unknown): Promise<void> {
  const { steps: number, round } = state.progress;
  await handleFailure(state, {
    task,
    purpose: 'main',
    failure: failureOfEvaluation(thrown),
    intent: { number, task: task.id, purpose: 'main', round, attempt: 1, frozen: undefined, request: undefined },
    answer: undefined,
    effects: [],
    warnings: [],
  });
}
