import { shape, type Place } from '../../place.ts';
import type { ExpressionTask } from '../../task.ts';
import type { TaskIndex } from '../task-index.ts';
import { readContextSetting } from './setting.ts';
import { readTaskHead, TASK_ATTRIBUTES, TASK_CHILDREN } from './task-head.ts';

const EXPRESSION = shape({
  attributes: TASK_ATTRIBUTES,
  required: ['id'],
  children: { ...TASK_CHILDREN, set: 'some' },
});

/** An `<expression>` task; undefined when it lacks an id. */
export function readExpression(place: Place, index: TaskIndex): ExpressionTask | undefined {
  const open = place.open(EXPRESSION);
  const head = readTaskHead(open, index);
  const sets = open.all('set').flatMap(readContextSetting);
  return head === undefined ? undefined : { ...head, kind: 'expression', sets };
}
