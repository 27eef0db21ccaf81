import { BOOLEAN, CONTEXT_KEY, FILLED } from '../../attribute-kind.ts';
import { shape, type Place } from '../../place.ts';
import type { CreateRecordTask } from '../../task.ts';
import type { TaskIndex } from '../task-index.ts';
import { readFieldSetting, requireSettings } from './setting.ts';
import { readTaskHead, TASK_ATTRIBUTES, TASK_CHILDREN } from './task-head.ts';

const CREATE_RECORD = shape({
  attributes: { ...TASK_ATTRIBUTES, module: FILLED, context: CONTEXT_KEY, fires: BOOLEAN, mapping: FILLED },
  required: ['id', 'module'],
  children: { ...TASK_CHILDREN, set: 'many' },
});

/** A `<create-record>` task; undefined when it lacks an id or a module. */
export function readCreateRecord(place: Place, index: TaskIndex): CreateRecordTask | undefined {
  const open = place.open(CREATE_RECORD);
  const head = readTaskHead(open, index);
  const sets = open.all('set').flatMap(readFieldSetting);
  requireSettings(open);
  const { module, context, fires, mapping } = open.attributes;
  if (head === undefined || module === undefined) return undefined;
  return { ...head, kind: 'create-record', module, context, fires: fires ?? false, mapping, sets };
}
