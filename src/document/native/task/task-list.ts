import { shape, type Place } from '../../place.ts';
import type { Task } from '../../task.ts';
import type { TaskIndex } from '../task-index.ts';
import { readChoose } from './choose.ts';
import { readCreateRecord } from './create-record.ts';
import { readEmail } from './email.ts';
import { readEnd } from './end.ts';
import { readExpression } from './expression.ts';
import { readLaunch } from './launch.ts';
import { readNotify } from './notify.ts';
import { readSetFields } from './set-fields.ts';
import { TASK_NAMES } from './task-names.ts';
import { readUpsert } from './upsert.ts';
import { readWebservice } from './webservice.ts';

const TASKS = shape({ attributes: {}, children: TASK_NAMES });

/** The tasks of a `<tasks>` element, which needs at least one; their ids and aborts go to the index. */
export function readTasks(place: Place, index: TaskIndex): Task[] {
  const open = place.open(TASKS);
  if (place.element.children.length === 0) {
    place.error('WORKFLOW_TASKS_MISSING', '<tasks> holds no task');
  }
  return readTaskList(open.children, index);
}

function readTaskList(places: readonly Place[], index: TaskIndex): Task[] {
  return places.flatMap((place) => {
    const task = readTask(place, index);
    return task === undefined ? [] : [task];
  });
}

function readTask(place: Place, index: TaskIndex): Task | undefined {
  switch (place.name) {
    case 'webservice':
      return readWebservice(place, index);
    case 'set-fields':
      return readSetFields(place, index);
    case 'create-record':
      return readCreateRecord(place, index);
    case 'upsert':
      return readUpsert(place, index);
    case 'expression':
      return readExpression(place, index);
    case 'launch':
      return readLaunch(place, index);
    case 'notify':
      return readNotify(place, index);
    case 'email':
      return readEmail(place, index);
    case 'choose':
      return readChoose(place, index, readTaskList);
    case 'end':
      return readEnd(place, index);
    default:
      tellReserved(place, index);
      return undefined;
  }
}

/** Its id counts as taken and known, so that nothing else is told because of it. */
function tellReserved(place: Place, index: TaskIndex): void {
  place.error('TASK_RESERVED', `<${place.name}> is not available in this version`);
  const id = place.element.attributes.get('id');
  if (id !== undefined) index.add(id.source, place.path);
}
