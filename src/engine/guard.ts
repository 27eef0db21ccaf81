import type { RecordValues } from '../core/record.ts';
import type { CompiledGuard, GuardView } from '../catalog/compiled-guard.ts';
import type { CompiledTask } from '../catalog/compiled-workflow.ts';
import type { RunState } from './run-state.ts';
import { ambienceOf, environmentOf } from './evaluation.ts';
import { evaluationOf, recordValuesOf } from './scope.ts';
import { concerns } from './trigger-matcher.ts';

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

/** Judges the trigger of a run that was accepted undecided, on the image that started it. */
export async function triggerHolds(state: RunState): Promise<boolean> {
  const { trigger, module, workflow } = state.lease.run;
  if (module === undefined || trigger.event === 'manual') return true;
  const catalog = await state.engine.catalogAt(state.lease.run.revision);
  const change = { kind: trigger.event, changed: trigger.changed };
  const triggers = (catalog?.triggersOf(module, trigger.event) ?? []).filter(
    (one) => one.workflow === workflow && concerns(one, change),
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
  return {
    record,
    previous: trigger.previous,
    changed: trigger.changed,
    environment: await environmentOf(evaluation),
    ambience: ambienceOf(evaluation, undefined),
  };
}
