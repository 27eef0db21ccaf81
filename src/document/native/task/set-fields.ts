import { shape, type Place } from '../../place.ts';
import type { SetFieldsTask } from '../../task.ts';
import type { TaskIndex } from '../task-index.ts';
import { readFieldSetting } from './setting.ts';
import { readTaskHead, TASK_ATTRIBUTES, TASK_CHILDREN } from './task-head.ts';

const SET_FIELDS = shape({
  attributes: TASK_ATTRIBUTES,
  required: ['id'],
  children: { ...TASK_CHILDREN, set: 'some' },
});

/** A `<set-fields>` task; undefined when it lacks an id. */
export function readSetFields(place: Place, index: TaskIndex): SetFieldsTask | undefined {
  const open = place.open(SET_FIELDS);
  const head = readTaskHead(open, index);
  const sets = open.all('set').flatMap(readFieldSetting);
  return head === undefined ? undefined : { ...head, kind: 'set-fields', sets };
}
