import type { RecordId } from '../../core/record.ts';
import type { StepEffect } from '../../core/step.ts';
import type { CompiledUpsertTask } from '../../catalog/task/upsert-task.ts';
import { advance } from '../flow.ts';
import type { OtherWrite } from '../other-records.ts';
import type { RunState } from '../run-state.ts';
import { writeFields } from '../write-fields.ts';
import { putContext } from './context-result.ts';
import { done } from './done.ts';
import { actorOf, decideCreation, depthWarnings, recordEffect } from './record-task.ts';
import { namingRow, planUpsert, rowName, type UpsertPlan, type UpsertTarget } from './upsert-row.ts';

/** Records told one by one; of longer lists the rest is counted. */
const MOST_TOLD = 50;

/** Creates or updates records in the commit that ends the step. */
export async function upsert(state: RunState, task: CompiledUpsertTask): Promise<void> {
  const plan = await planUpsert(state, task);
  const ids = new Map<UpsertTarget, RecordId>();
  const others: OtherWrite[] = [];
  const effects: StepEffect[] = [];
  for (const target of plan.targets) {
    try {
      const decided = await decide(state, task, target);
      ids.set(target, decided.id);
      others.push(...decided.writes);
      effects.push(...decided.effects);
    } catch (thrown) {
      throw namingRow(thrown, rowName(task, plan.rows.indexOf(target)));
    }
  }
  state.pending.others = [...state.pending.others, ...others];
  watchUnmatched(state, task, plan);
  const told = shorten(effects, task.module);
  if (task.context !== undefined) {
    const found = plan.rows.map((row) => ids.get(row) ?? '');
    const value = task.each === undefined ? (found[0] ?? '') : found;
    told.push(putContext(state, { key: task.context, value, from: 'id', isSensitive: false }));
  }
  done(state, task.id, told, depthWarnings(state, task.fires));
  advance(state, task.id);
}

interface Decided {
  readonly id: RecordId;
  readonly writes: readonly OtherWrite[];
  readonly effects: readonly StepEffect[];
}

async function decide(state: RunState, task: CompiledUpsertTask, target: UpsertTarget): Promise<Decided> {
  const { image: before, fields } = target;
  const actor = actorOf(state, task.id);
  const { fires } = task;
  if (before === undefined) {
    const write = await decideCreation(state, { module: task.module, fields, actor });
    return { id: write.id, writes: [{ write, before, fires }], effects: [recordEffect(state, { write, before })] };
  }
  const { id } = before;
  // The run's own record has one write for all that is pending.
  if (id === state.lease.run.recordId) {
    return { id, writes: [], effects: await writeFields(state, { task: task.id, fields, from: new Map(), fires }) };
  }
  const write = await state.engine.host.decideUpdate({ image: before, fields, actor });
  if (write === undefined) {
    return { id, writes: [], effects: [{ kind: 'record', name: id, from: `unchanged in ${task.module}` }] };
  }
  return { id, writes: [{ write, before, fires }], effects: [recordEffect(state, { write, before })] };
}

/** What was not found must still not be there at the commit. */
function watchUnmatched(state: RunState, task: CompiledUpsertTask, { targets, asOf }: UpsertPlan): void {
  const keys = targets.flatMap(({ image, key }) => (image === undefined && key !== undefined ? [key] : []));
  if (asOf === undefined || keys.length === 0) return;
  state.pending.unmatched = [...state.pending.unmatched, { module: task.module, asOf, keys }];
}

function shorten(effects: readonly StepEffect[], module: string): StepEffect[] {
  if (effects.length <= MOST_TOLD) return [...effects];
  const more = `${effects.length - MOST_TOLD} more`;
  return [...effects.slice(0, MOST_TOLD), { kind: 'record', name: more, from: `written in ${module}` }];
}
