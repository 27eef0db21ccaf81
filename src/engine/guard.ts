import type { RecordValues } from '../core/record.ts';
import type { Failure } from '../core/run.ts';
import type { CompiledGuard, GuardView } from '../catalog/compiled-guard.ts';
import type { CompiledTask } from '../catalog/compiled-workflow.ts';
import type { RunState } from './run-state.ts';
import { ambienceOf, environmentOf, once } from './evaluation.ts';
import { conditionView } from './legacy/condition-view.ts';
import { evaluationOf, recordValuesOf } from './scope.ts';
import { concerns } from './happening.ts';

const TASK_GUARD_TIMEOUT_MS = 1_000;

/** Judges a task's own condition on the record as it is now. */
export function taskGuardHolds(state: RunState, task: CompiledTask): Promise<boolean> {
  return guardHolds(state, task.guard);
}

/** Judges any guard on the record as it is now, fields that are about to be committed included. */
export async function guardHolds(state: RunState, guard: CompiledGuard): Promise<boolean> {
  if (guard.isAlwaysTrue) return true;
  return guard.holds(await viewOf(state, recordValuesOf(state)), TASK_GUARD_TIMEOUT_MS);
}

/**
 * Why a run that was accepted undecided must not go on: RUN_TRIGGER_FALSE, or RUN_TRIGGER_FIRED when its trigger fires
 * once and another run was started by it. Undefined when it holds, and for a run that was decided at its acceptance.
 */
export async function triggerRefusal(state: RunState): Promise<Failure | undefined> {
  const { run } = state.lease;
  if (!run.undecided) return undefined;
  if (run.trigger.once === true && !(await state.engine.journal.holdsMark(run.id))) {
    return {
      code: 'RUN_TRIGGER_FIRED',
      message: `the workflow was started for ${run.recordId ?? 'this record'} before`,
    };
  }
  if (await triggerHolds(state)) return undefined;
  return { code: 'RUN_TRIGGER_FALSE', message: "the trigger's condition was false" };
}

/** Judges the trigger again, on the image that started the run. */
async function triggerHolds(state: RunState): Promise<boolean> {
  const { trigger, module, workflow, revision } = state.lease.run;
  const catalog = await state.engine.catalogAt(revision);
  const triggers = (catalog?.triggersOf(module, trigger.event) ?? []).filter(
    (one) =>
      one.workflow === workflow &&
      (one.on === 'first-true') === (trigger.once === true) &&
      one.schedule?.name === trigger.schedule?.name &&
      concerns(one, trigger),
  );
  const view = await viewOf(state, trigger.record);
  for (const one of triggers) {
    if (await one.guard.holds(view, TASK_GUARD_TIMEOUT_MS)) return true;
  }
  return false;
}

async function viewOf(state: RunState, record: RecordValues): Promise<GuardView> {
  const { trigger } = state.lease.run;
  const evaluation = evaluationOf(state, record);
  const ambience = ambienceOf(evaluation, undefined);
  return {
    record,
    previous: trigger.previous,
    changed: trigger.changed,
    environment: await environmentOf(evaluation),
    ambience,
    legacy: once(() => conditionView({ ...evaluation, permission: 'trial' }, ambience)),
  };
}
