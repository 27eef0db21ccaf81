import type { CompiledEndTask } from '../../catalog/task/end-task.ts';
import type { RunState } from '../run-state.ts';
import { done } from './done.ts';

/** Decides how the run ends. */
export function end(state: RunState, task: CompiledEndTask): void {
  const failure =
    task.as === 'failed' ? { code: 'RUN_ENDED_FAILED', message: task.label ?? task.id, task: task.id } : undefined;
  done(state, task.id, [{ kind: 'end', name: task.as }]);
  state.progress.outcome = { status: task.as, failure };
  state.progress.cursor = undefined;
}
