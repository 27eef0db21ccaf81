import type { RecordValue } from '../../core/record.ts';
import type { CompiledSetTask } from '../../catalog/task/set-fields-task.ts';
import { fieldValue } from '../../catalog/task/field-value.ts';
import { advance } from '../flow.ts';
import { asRecordValue } from '../record-value.ts';
import type { RunState } from '../run-state.ts';
import { scopeOf } from '../scope.ts';
import { writeFields } from '../write-fields.ts';
import { done } from './done.ts';

/** Writes fields of the run's record. */
export async function setFields(state: RunState, task: CompiledSetTask): Promise<void> {
  const scope = await scopeOf(state, { sources: task.sets.map((set) => set.source), frozen: undefined, task: task.id });
  const fields: Record<string, RecordValue> = {};
  for (const set of task.sets) {
    const value = await fieldValue(set, scope, null);
    if (value !== undefined) fields[set.field] = asRecordValue(value);
  }
  const effects = await writeFields(state, { task: task.id, fields, from: new Map(), fires: false });
  done(state, task.id, effects);
  advance(state, task.id);
}
