import type { WorkflowDocument } from '../document/workflow.ts';
import { type CompileContext, resolve } from './compile-context.ts';
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
