import type { StepEffect } from '../../core/step.ts';
import type { CompiledCreateTask } from '../../catalog/task/create-record-task.ts';
import { advance } from '../flow.ts';
import type { RunState } from '../run-state.ts';
import { scopeOf } from '../scope.ts';
import { putContext } from './context-result.ts';
import { done } from './done.ts';
import { actorOf, decideCreation, depthWarnings, recordEffect } from './record-task.ts';
import { fieldSources, recordFields } from './setting-value.ts';

/** Makes a record in the commit that ends the step, so that there is one however often the run is resumed. */
export async function createRecord(state: RunState, task: CompiledCreateTask): Promise<void> {
  const scope = await scopeOf(state, { sources: fieldSources(task), frozen: undefined, task: task.id });
  const fields = await recordFields(task, scope);
  const write = await decideCreation(state, { module: task.module, fields, actor: actorOf(state, task.id) });
  state.pending.others = [...state.pending.others, { write, before: undefined, fires: task.fires }];
  const effects: StepEffect[] = [recordEffect(state, { write, before: undefined })];
  if (task.context !== undefined) {
    effects.push(putContext(state, { key: task.context, value: write.id, from: 'id', isSensitive: false }));
  }
  done(state, task.id, effects, depthWarnings(state, task.fires));
  advance(state, task.id);
}
