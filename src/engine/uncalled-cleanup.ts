import type { CompiledCallTask } from '../catalog/compiled-workflow.ts';
import { handleFailure } from './failed-step.ts';
import type { RunState } from './run-state.ts';

/**
 * Gives up an always task whose destination is not called at the moment: the session that it would close ends by itself, and
 * the run must not wait for that.
 */
export async function giveUpCleanup(state: RunState, task: CompiledCallTask, why: string): Promise<'go-on'> {
  const { progress } = state;
  const again = progress.agendaRetry?.task === task.id ? progress.agendaRetry : undefined;
  if (again === undefined) progress.steps++;
  await handleFailure(state, {
    task,
    purpose: 'cleanup',
    failure: {
      code: 'DESTINATION_DOWN',
      message: `not called: ${why}`,
      hint: undefined,
      cause: 'refused',
      status: undefined,
      remoteCode: undefined,
      inDoubt: false,
    },
    intent: {
      number: again?.step ?? progress.steps,
      task: task.id,
      purpose: 'cleanup',
      round: progress.round,
      attempt: (again?.attempts ?? 0) + 1,
      frozen: undefined,
      request: undefined,
    },
    answer: undefined,
    effects: [],
    warnings: [],
  });
  return 'go-on';
}
