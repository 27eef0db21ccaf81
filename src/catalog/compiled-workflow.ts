import type { ModuleDefinition } from '../core/module.ts';
import type { Task, WebserviceTask, WorkflowDocument } from '../document/workflow.ts';
import type { CompiledGuard } from './compiled-guard.ts';
import type { CompiledSource } from './compiled-source.ts';
import type { CompiledMap } from './compiled-map.ts';
import type { CompiledService } from './compiled-service.ts';
import type { ParameterType } from '../document/map.ts';

/** A webservice task with its map and service resolved. */
export interface CompiledCallTask {
  readonly kind: 'webservice';
  readonly id: string;
  readonly document: WebserviceTask;
  readonly guard: CompiledGuard;
  readonly map: CompiledMap;
  readonly service: CompiledService | undefined;
}

export interface CompiledSetTask {
  readonly kind: 'set-fields';
  readonly id: string;
  readonly guard: CompiledGuard;
  readonly sets: readonly {
    readonly field: string;
    readonly source: CompiledSource;
    readonly type: ParameterType | undefined;
  }[];
}

export interface CompiledChooseTask {
  readonly kind: 'choose';
  readonly id: string;
  readonly guard: CompiledGuard;
  /** The first task of each branch; undefined when the branch is empty: the run goes on after the choice. */
  readonly branches: readonly { readonly guard: CompiledGuard; readonly first: string | undefined }[];
  readonly otherwise: string | undefined;
}

export interface CompiledEndTask {
  readonly kind: 'end';
  readonly id: string;
  readonly guard: CompiledGuard;
  readonly as: 'completed' | 'failed';
  readonly label: string | undefined;
}

export type CompiledTask = CompiledCallTask | CompiledSetTask | CompiledChooseTask | CompiledEndTask;

export interface CompiledTrigger {
  readonly workflow: string;
  readonly on: 'create' | 'update' | 'save' | 'delete';
  readonly fields: ReadonlySet<string> | undefined;
  readonly guard: CompiledGuard;
}

/** A workflow as the interpreter walks it: tasks by name, and which one follows which. */
export interface CompiledWorkflow {
  readonly name: string;
  readonly document: WorkflowDocument;
  readonly module: ModuleDefinition | undefined;
  readonly first: string | undefined;
  readonly tasks: ReadonlyMap<string, CompiledTask>;
  /** The task after each task in the main flow; undefined at the end. Always tasks are not part of the flow. */
  readonly after: ReadonlyMap<string, string | undefined>;
  /** Tasks that run once the outcome is decided, in document order. */
  readonly always: readonly CompiledCallTask[];
}

/** Where each task of a list leads, choices included. Always tasks stand outside the flow and are left out. */
export interface Flow {
  readonly first: string | undefined;
  readonly after: Map<string, string | undefined>;
}

/** Links the tasks: each to the one after it, the last of a branch to what follows the choice. */
export function linkTasks(tasks: readonly Task[], following: string | undefined, after: Flow['after']): Flow {
  let next = following;
  for (const task of tasks.toReversed()) {
    if (task.always) continue;
    after.set(task.id, next);
    if (task.kind === 'choose') {
      for (const branch of task.branches) linkTasks(branch.tasks, next, after);
      linkTasks(task.otherwise, next, after);
    }
    next = task.id;
  }
  return { first: next, after };
}

/** All tasks of a list, those inside choices included, in document order. */
export function* eachTask(tasks: readonly Task[]): Generator<Task> {
  for (const task of tasks) {
    yield task;
    if (task.kind !== 'choose') continue;
    for (const branch of task.branches) yield* eachTask(branch.tasks);
    yield* eachTask(task.otherwise);
  }
}
