import { FILLED } from '../../attribute-kind.ts';
import { shape, type OpenElement, type Place } from '../../place.ts';
import type { LaunchTask } from '../../task.ts';
import type { TaskIndex } from '../task-index.ts';
import { readInitialContext } from './setting.ts';
import { readTaskHead, TASK_ATTRIBUTES, TASK_CHILDREN } from './task-head.ts';

const LAUNCH_ATTRIBUTES = { ...TASK_ATTRIBUTES, workflow: FILLED, field: FILLED, context: FILLED } as const;

const LAUNCH = shape({
  attributes: LAUNCH_ATTRIBUTES,
  required: ['id', 'workflow'],
  children: { ...TASK_CHILDREN, context: 'many' },
});

/** A `<launch>` task; undefined when it lacks an id or a workflow. Tells LAUNCH_RECORD_TWICE. */
export function readLaunch(place: Place, index: TaskIndex): LaunchTask | undefined {
  const open = place.open(LAUNCH);
  const head = readTaskHead(open, index);
  const context = open.all('context').flatMap(readInitialContext);
  const record = readRecord(open);
  const { workflow } = open.attributes;
  if (head === undefined || workflow === undefined) return undefined;
  return { ...head, kind: 'launch', workflow, record, context };
}

function readRecord(open: OpenElement<typeof LAUNCH_ATTRIBUTES>): LaunchTask['record'] {
  const { field, context } = open.attributes;
  if (open.has('field') && open.has('context')) {
    open.at.error('LAUNCH_RECORD_TWICE', 'the record comes from a field and from the context', 'keep one of them');
  }
  if (field !== undefined) return { kind: 'field', name: field };
  return context === undefined ? undefined : { kind: 'context', name: context };
}
