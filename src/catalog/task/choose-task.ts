import type { ChooseTask, Task } from '../../document/task.ts';
import { compileGuard } from '../compile-guard.ts';
import type { CompiledGuard } from '../compiled-guard.ts';
import { type CompiledTaskHead, compileTaskHead, type TaskPlace } from './task-place.ts';

export interface CompiledChooseTask extends CompiledTaskHead {
  readonly kind: 'choose';
  /** The first task of each branch; undefined when the branch is empty: the run goes on after the choice. */
  readonly branches: readonly { readonly guard: CompiledGuard; readonly first: string | undefined }[];
  readonly otherwise: string | undefined;
}

export function compileChoose(place: TaskPlace, task: ChooseTask): CompiledChooseTask {
  return {
    ...compileTaskHead(place, task),
    kind: 'choose',
    branches: task.branches.map((branch) => ({
      guard: compileGuard(place.context, place, branch.guard),
      first: firstOf(branch.tasks),
    })),
    otherwise: firstOf(task.otherwise),
  };
}

function firstOf(tasks: readonly Task[]): string | undefined {
  return tasks.find((task) => !task.always)?.id;
}
