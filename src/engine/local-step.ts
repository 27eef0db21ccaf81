import type { Json } from '../core/json.ts';
import type { RecordValue } from '../core/record.ts';
import type { StepEffect } from '../core/step.ts';
import type { CompiledChooseTask, CompiledEndTask, CompiledSetTask } from '../catalog/compiled-workflow.ts';
import { convertValue } from '../catalog/convert-value.ts';
import { handleFailure } from './failed-step.ts';
import { advance } from './flow.ts';
import { guardHolds } from './guard.ts';
import { type RunState } from './run-state.ts';
import { scopeOf } from './scope.ts';
import { failureOfEvaluation } from './step-failure.ts';
import { writeFields } from './write-fields.ts';

/** Performs a task that calls nobody. What it decides is committed with the next step's intent. */
export async function performLocalTask(
  state: RunState,
  task: CompiledSetTask | CompiledChooseTask | CompiledEndTask,
): Promise<void> {
  state.progress.steps++;
  try {
    if (task.kind === 'choose') return await choose(state, task);
    if (task.kind === 'end') return end(state, task);
    return await setFields(state, task);
  } catch (thrown) {
    const { steps, round } = state.progress;
    handleFailure(state, {
      task,
      purpose: 'main',
      failure: failureOfEvaluation(thrown),
      intent: {
        number: steps,
        task: task.id,
        purpose: 'main',
        round,
        attempt: 1,
        frozen: undefined,
        request: undefined,
      },
      answer: undefined,
      effects: [],
      warnings: [],
    });
  }
}

/** The decision is stored as a step: it is made once, whatever the branch changes. */
async function choose(state: RunState, task: CompiledChooseTask): Promise<void> {
  let taken = task.otherwise;
  let label = task.otherwise === undefined ? 'no branch' : 'otherwise';
  for (const [index, branch] of task.branches.entries()) {
    if (!(await guardHolds(state, branch.guard))) continue;
    taken = branch.first;
    label = `branch ${index + 1}`;
    break;
  }
  done(state, task.id, [{ kind: 'branch', name: taken ?? 'nothing', from: label }]);
  advance(state, task.id, taken);
}

function end(state: RunState, task: CompiledEndTask): void {
  const failure =
    task.as === 'failed' ? { code: 'RUN_ENDED_FAILED', message: task.label ?? task.id, task: task.id } : undefined;
  done(state, task.id, [{ kind: 'end', name: task.as }]);
  state.progress.outcome = { status: task.as, failure };
  state.progress.cursor = undefined;
}

async function setFields(state: RunState, task: CompiledSetTask): Promise<void> {
  const scope = await scopeOf(state, { sources: task.sets.map((set) => set.source), frozen: undefined, task: task.id });
  const fields: Record<string, RecordValue> = {};
  for (const set of task.sets) {
    const value = convertValue((await set.source.evaluate(scope)) ?? null, set.type, set.field);
    fields[set.field] = asRecordValue(value);
  }
  const effects = await writeFields(state, { task: task.id, fields, from: new Map(), fires: false });
  done(state, task.id, effects);
  advance(state, task.id);
}

/** Lists and objects are stored as JSON text. */
export function asRecordValue(value: Json): RecordValue {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

function done(state: RunState, task: string, effects: readonly StepEffect[]): void {
  const { steps, round } = state.progress;
  state.pending.outcomes.push({
    number: steps,
    status: 'done',
    intent: { number: steps, task, purpose: 'main', round, attempt: 1, frozen: undefined, request: undefined },
    answer: undefined,
    failure: undefined,
    effects,
    warnings: [],
  });
}
