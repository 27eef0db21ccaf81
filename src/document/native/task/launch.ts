import { FILLED } from '../../attribute-kind.ts';
import { shape, type OpenElement, type Place } from '../../place.ts';
import type { LaunchTask } from '../../task.ts';
import type { TaskIndex } from '../task-index.ts';
import { readInitialContext } from './setting.ts';
import { readTaskHead, TASK_ATTRIBUTES, TASK_CHILDREN } from './task-head.ts';

const LAUNCH_ATTRIBUTES = {
  ...TASK_ATTRIBUTES,
  workflow: FILLED,
  field: FILLED,
  context: FILLED,
  records: FILLED,
} as const;

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
  const kinds = ['field', 'context', 'records'] as const;
  const written = kinds.filter((kind) => open.has(kind));
  if (written.length > 1) {
    open.at.error('LAUNCH_RECORD_TWICE', `the record comes from ${written.join(' and ')}`, 'keep one of them');
  }
  const kind = written.find((one) => open.attributes[one] !== undefined);
  const name = kind && open.attributes[kind];
  return kind === undefined || name === undefined ? undefined : { kind, name };
}
