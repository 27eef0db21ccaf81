import type { ModuleDefinition } from '../core/module.ts';
import type { Task } from '../document/task.ts';
import type { TriggerDefinition, WorkflowDocument } from '../document/workflow.ts';
import type { CompiledGuard } from './compiled-guard.ts';
import type { CompiledSource } from './compiled-source.ts';
import type { TriggerSchedule } from './schedule/compiled-schedule.ts';
import type { CompiledCallTask } from './task/call-task.ts';
import type { CompiledTask } from './task/compile-task.ts';

export type { CompiledCallTask } from './task/call-task.ts';
export type { CompiledLocalTask, CompiledTask } from './task/compile-task.ts';

export interface CompiledTrigger {
  readonly workflow: string;
  readonly on: TriggerDefinition['on'];
  readonly fields: ReadonlySet<string> | undefined;
  /** The module of the record at the other end of the link; undefined: any. */
  readonly to: string | undefined;
  /** How long whoever causes the run waits for its end. */
  readonly waitMs: number | undefined;
  /** For `schedule`, and only there. */
  readonly schedule: TriggerSchedule | undefined;
  readonly guard: CompiledGuard;
}

/** A business key by which people find the workflow's runs. */
export interface CompiledTrack {
  readonly name: string;
  readonly source: CompiledSource;
  /** Set when it is a literal or a field of the record itself: known without evaluating anything. */
  readonly plain: { readonly value: string } | { readonly field: string } | undefined;
}

/** A workflow as the interpreter walks it: tasks by name, and which one follows which. */
export interface CompiledWorkflow {
  readonly name: string;
  readonly document: WorkflowDocument;
  readonly module: ModuleDefinition | undefined;
  readonly tracks: readonly CompiledTrack[];
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
