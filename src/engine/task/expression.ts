import type { StepEffect } from '../../core/step.ts';
import type { Scope } from '../../catalog/compiled-source.ts';
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
    const scope = await scopeOf(state, { sources: [set.source], frozen: undefined, task: task.id, part: set.key });
    const { value, isSensitive } = await contextValue(set, scope);
    if (set.source.setsContext === true) effects.push(...(await setByExpression(state, { scope, isSensitive })));
    effects.push(putContext(state, { key: set.key, value, from: set.source.describe, isSensitive }));
  }
  done(state, task.id, effects);
  advance(state, task.id);
}

/** What the record's data is called in a context that was empty: it belongs to the expression, not to the run. */
const CURRENT_ROW = 'current_row';

/** Keeps what `setToContext` set; a map's expression keeps nothing. */
async function setByExpression(
  state: RunState,
  { scope, isSensitive }: { readonly scope: Scope; readonly isSensitive: boolean },
): Promise<StepEffect[]> {
  const { environment } = await scope.legacy();
  const values = environment.context.values();
  const changed = Object.entries(values).filter(([key, value]) => key !== CURRENT_ROW && state.context[key] !== value);
  return changed.map(([key, value]) => putContext(state, { key, value, from: 'setToContext', isSensitive }));
}
