import { BOOLEAN, choice, CONTEXT_KEY, FILLED, listOf } from '../../attribute-kind.ts';
import { shape, type Place } from '../../place.ts';
import type { UpsertTask } from '../../task.ts';
import type { TaskIndex } from '../task-index.ts';
import { readFieldSetting, requireSettings } from './setting.ts';
import { readTaskHead, TASK_ATTRIBUTES, TASK_CHILDREN } from './task-head.ts';

const UPSERT = shape({
  attributes: {
    ...TASK_ATTRIBUTES,
    module: FILLED,
    match: listOf(/^[A-Za-z_][A-Za-z0-9_]*$/u, 'a list of field names'),
    each: FILLED,
    'when-empty': choice('fail', 'create'),
    context: CONTEXT_KEY,
    fires: BOOLEAN,
    mapping: FILLED,
  },
  required: ['id', 'module', 'match'],
  children: { ...TASK_CHILDREN, set: 'many' },
});

/** An `<upsert>` task; undefined when it lacks an id, a module or what tells one record from another. */
export function readUpsert(place: Place, index: TaskIndex): UpsertTask | undefined {
  const open = place.open(UPSERT);
  const head = readTaskHead(open, index);
  const sets = open.all('set').flatMap(readFieldSetting);
  requireSettings(open);
  const { module, match, each, context, fires, mapping } = open.attributes;
  if (head === undefined || module === undefined || match === undefined) return undefined;
  const whenEmpty = open.attributes['when-empty'] ?? 'fail';
  return { ...head, kind: 'upsert', module, match, each, whenEmpty, context, fires: fires ?? false, mapping, sets };
}
