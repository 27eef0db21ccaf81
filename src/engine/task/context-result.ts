import type { Json } from '../../core/json.ts';
import type { StepEffect } from '../../core/step.ts';
import { type RunState, setContext } from '../run-state.ts';

/** Sets a context value as the result of a task's step, and tells it. */
export function putContext(
  state: RunState,
  entry: { readonly key: string; readonly value: Json; readonly from: string; readonly isSensitive: boolean },
): StepEffect {
  const { key, value, from, isSensitive } = entry;
  setContext(state, key, value, isSensitive);
  state.progress.contextSetAt[key] = state.progress.steps;
  const shown = isSensitive ? '••••' : state.engine.recorder.redactJson(value, state.redactor);
  return { kind: 'context', name: key, from, value: shown };
}
