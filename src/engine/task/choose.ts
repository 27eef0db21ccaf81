import type { CompiledChooseTask } from '../../catalog/task/choose-task.ts';
import { advance } from '../flow.ts';
import { guardHolds } from '../guard.ts';
import type { RunState } from '../run-state.ts';
import { done } from './done.ts';

/** The decision is stored as a step: it is made once, whatever the branch changes. */
export async function choose(state: RunState, task: CompiledChooseTask): Promise<void> {
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
