import type { Task } from '../../document/task.ts';
import { eachTask } from '../compiled-workflow.ts';

/** The context keys that these tasks write, in their own run or in one that they start. */
export function writtenByTasks(tasks: readonly Task[]): string[] {
  return [...eachTask(tasks)].flatMap((task) => {
    switch (task.kind) {
      case 'create-record':
      case 'upsert':
        return task.context === undefined ? [] : [task.context.value];
      case 'expression':
        return task.sets.map(({ key }) => key.value);
      case 'launch':
        return task.context.map(({ key }) => key.value);
      default:
        return [];
    }
  });
}
