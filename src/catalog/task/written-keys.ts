import type { ParameterSource } from '../../document/map.ts';
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
        return task.sets.flatMap(({ key, source }) => [key.value, ...setByExpression(source)]);
      case 'launch':
        return task.context.map(({ key }) => key.value);
      default:
        return [];
    }
  });
}

/** The keys that a legacy expression names where it sets context values. */
function setByExpression(source: ParameterSource): string[] {
  if (source.kind !== 'legacy') return [];
  return [...source.text.value.matchAll(/setToContext\(\s*'([^']+)'/gu)].flatMap(([, key]) => key ?? []);
}
