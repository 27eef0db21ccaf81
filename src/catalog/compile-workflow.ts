import type { WorkflowDocument } from '../document/workflow.ts';
import { type CompileContext, report, resolve } from './compile-context.ts';
import { compileTracks } from './compile-trigger.ts';
import {
  type CompiledCallTask,
  type CompiledTask,
  type CompiledWorkflow,
  eachTask,
  linkTasks,
} from './compiled-workflow.ts';
import { compileTask } from './task/compile-task.ts';
import type { TaskPlace, WorkflowNames } from './task/task-place.ts';

/** An abort that a map or service says must lead somewhere in every workflow that uses it. */
function checkAborts(
  { context, file }: TaskPlace,
  { name, tasks: written }: WorkflowDocument,
  tasks: ReadonlyMap<string, CompiledTask>,
): void {
  const ids = new Set([...eachTask(written)].map(({ id }) => id));
  for (const { id, plan, ...task } of tasks.values()) {
    const to = plan?.abortTo;
    if (to === undefined || to === 'inbox' || ids.has(to)) continue;
    const range = task.kind === 'webservice' ? task.document.map.range : undefined;
    report(context, {
      code: 'TASK_ABORT_UNKNOWN',
      message: `the error plan of the map or service of task "${id}" goes on at "${to}", and workflow "${name}" has no such task`,
      hint: `add the task, or say <abort to="..."/> in an <on-error> of task "${id}"`,
      file,
      ...(range === undefined ? {} : { range }),
    });
  }
}

/** The workflow with its names resolved and its order worked out; problems are reported. */
export function compileWorkflow(
  context: CompileContext,
  document: WorkflowDocument,
  names: WorkflowNames,
): CompiledWorkflow {
  const { file } = document;
  const module =
    document.module &&
    resolve(context, { file, name: document.module, among: context.modules, code: 'MODULE_UNKNOWN', what: 'module' });
  const place: TaskPlace = { context, file, module, names };
  const tasks = new Map<string, CompiledTask>();
  for (const task of eachTask(document.tasks)) {
    const compiled = compileTask(place, task);
    if (compiled !== undefined) tasks.set(task.id, compiled);
  }
  checkAborts(place, document, tasks);
  const { first, after } = linkTasks(document.tasks, undefined, new Map());
  const always = [...tasks.values()].filter((task) => task.kind === 'webservice' && task.document.always);
  return {
    name: document.name,
    document,
    module,
    tracks: compileTracks(context, place, document.tracks),
    first,
    tasks,
    after,
    always: always as CompiledCallTask[],
  };
}
