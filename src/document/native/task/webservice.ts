import { BOOLEAN, FILLED } from '../../attribute-kind.ts';
import { shape, type Place } from '../../place.ts';
import type { WebserviceTask } from '../../task.ts';
import type { TaskIndex } from '../task-index.ts';
import { readTaskHead, TASK_ATTRIBUTES, TASK_CHILDREN } from './task-head.ts';

const WEBSERVICE = shape({
  attributes: { ...TASK_ATTRIBUTES, map: FILLED, service: FILLED, renew: BOOLEAN, always: BOOLEAN },
  required: ['id', 'map'],
  children: TASK_CHILDREN,
});

/** A `<webservice>` task; undefined when it lacks an id or a map. */
export function readWebservice(place: Place, index: TaskIndex): WebserviceTask | undefined {
  const open = place.open(WEBSERVICE);
  const head = readTaskHead(open, index);
  const { map, service, renew, always } = open.attributes;
  if (head === undefined || map === undefined) return undefined;
  return { ...head, kind: 'webservice', map, service, renew: renew ?? false, always: always ?? false };
}
