import type { StepEffect } from '../../core/step.ts';
import type { CompiledExpressionTask } from '../../catalog/task/expression-task.ts';
import { advance } from '../flow.ts';
import type { RunState } from '../run-state.ts';
import { scopeOf } from '../scope.ts';
import { putContext } from './context-result.ts';
import { done } from './done.ts';
import { contextValue } from './setting-value.ts';

/** Computes context values, each in the sight of those before it. */
export async function computeContext(state: RunState, task: CompiledExpressionTask): Promise<void> {
  const effects: StepEffect[] = [];
  for (const set of task.sets) {
    const scope = await scopeOf(state, { sources: [set.source], frozen: undefined, task: task.id });
    const { value, isSensitive } = await contextValue(set, scope);
    effects.push(putContext(state, { key: set.key, value, from: set.source.describe, isSensitive }));
  }
  done(state, task.id, effects);
  advance(state, task.id);
}
