import { MapwrightError } from '../../core/error.ts';
import type { Run } from '../../core/run.ts';
import { didYouMean } from '../../core/suggestion.ts';
import type { CompiledWorkflow } from '../../catalog/compiled-workflow.ts';
import type { Engine } from '../engine.ts';

/**
 * The workflow in the revision that the run is to go on with. Rejects with RUN_REVISION_UNFIT when the workflow is not
 * there, or the task that the run stands at.
 * @param task what the run goes on with; undefined when it begins anew or is at its end
 */
export async function workflowAt(
  { catalogAt }: Pick<Engine, 'catalogAt'>,
  { run, revision, task }: { readonly run: Run; readonly revision: number; readonly task: string | undefined },
): Promise<CompiledWorkflow> {
  const catalog = await catalogAt(revision);
  const workflow = catalog?.workflows.get(run.workflow);
  if (workflow === undefined) {
    const there = [...(catalog?.workflows.keys() ?? [])].join(', ');
    const what =
      catalog === undefined
        ? `there is no revision ${revision}`
        : `revision ${revision} has no workflow "${run.workflow}"`;
    throw new MapwrightError('RUN_REVISION_UNFIT', `run ${run.id} cannot go on: ${what}`, {
      hint:
        there === ''
          ? 'apply documents that have it, then: --revision latest'
          : `it has ${there}; apply the workflow under its name, then: --revision latest`,
    });
  }
  if (task !== undefined && workflow.tasks.get(task) === undefined) {
    throw new MapwrightError(
      'RUN_REVISION_UNFIT',
      `run ${run.id} stands at "${task}", which revision ${revision} does not have`,
      {
        hint: `skip to one that it has: mapwright inbox skip ${run.id} --revision ${revision} --to ${tasksOf(workflow).join('|')}`,
      },
    );
  }
  return workflow;
}

/** Rejects with RUN_TASK_UNKNOWN for a task that a run of the workflow cannot be sent to. */
export function requireTask(workflow: CompiledWorkflow, task: string): void {
  if (workflow.after.has(task)) return;
  const tasks = tasksOf(workflow);
  throw new MapwrightError('RUN_TASK_UNKNOWN', `"${workflow.name}" has no task "${task}" to go on with`, {
    hint: `${didYouMean(task, tasks) ?? ''} it has ${tasks.join(', ')}`.trim(),
  });
}

function tasksOf(workflow: CompiledWorkflow): readonly string[] {
  return [...workflow.tasks.keys()].filter((task) => workflow.after.has(task));
}
