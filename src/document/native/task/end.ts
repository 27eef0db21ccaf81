import { choice, FILLED } from '../../attribute-kind.ts';
import { shape, type Place } from '../../place.ts';
import type { EndTask } from '../../task.ts';
import { GUARD_CHILDREN } from '../guard.ts';
import type { TaskIndex } from '../task-index.ts';
import { readTaskHead, TASK_ATTRIBUTES } from './task-head.ts';

const END = shape({
  attributes: { ...TASK_ATTRIBUTES, as: choice('completed', 'failed'), message: FILLED },
  required: ['id'],
  children: GUARD_CHILDREN,
});

/** An `<end>` task; undefined when it lacks an id. */
export function readEnd(place: Place, index: TaskIndex): EndTask | undefined {
  const open = place.open(END);
  const head = readTaskHead(open, index);
  const { as, message } = open.attributes;
  return head === undefined ? undefined : { ...head, kind: 'end', as: as ?? 'completed', message };
}
