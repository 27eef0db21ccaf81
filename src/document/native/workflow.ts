import { BOOLEAN, choice, FILLED, KEEP, NAME } from '../attribute-kind.ts';
import { shape, type OpenElement, type Place } from '../place.ts';
import type { WorkflowDocument } from '../workflow.ts';
import { HEAD_ATTRIBUTES, readHead } from './document-head.ts';
import { TaskIndex } from './task-index.ts';
import { readTasks } from './task/task-list.ts';
import { readTracks } from './track.ts';
import { checkScheduleNames } from './schedule/schedule.ts';
import { isScheduled, readTrigger, watchesRecords } from './trigger.ts';

const WORKFLOW_ATTRIBUTES = {
  ...HEAD_ATTRIBUTES,
  module: FILLED,
  stream: NAME,
  'when-waiting': choice('hold', 'pass'),
  'keep-calls': choice('full', 'failures', 'none'),
  active: BOOLEAN,
  keep: KEEP,
  'keep-failed': KEEP,
} as const;

const WORKFLOW = shape({
  attributes: WORKFLOW_ATTRIBUTES,
  required: ['name'],
  children: { description: 'optional', trigger: 'many', track: 'many', tasks: 'once' },
});

/** A `<workflow>` document; undefined when it lacks a name. */
export function readWorkflow(place: Place): WorkflowDocument | undefined {
  const open = place.open(WORKFLOW);
  const head = readHead(open);
  const triggers = open.all('trigger').flatMap(readTrigger);
  const tracks = readTracks(open.all('track'));
  checkTriggers(open);
  const index = new TaskIndex(place.log);
  const tasksPlace = open.child('tasks');
  const tasks = tasksPlace === undefined ? [] : readTasks(tasksPlace, index);
  index.checkAborts();
  if (head === undefined) return undefined;
  const { module, stream, active } = open.attributes;
  return {
    kind: 'workflow',
    ...head,
    module,
    stream: stream?.value,
    whenWaiting: open.attributes['when-waiting'] ?? 'hold',
    keepCalls: open.attributes['keep-calls'] ?? 'full',
    active: active ?? true,
    keepMs: open.attributes.keep?.ms,
    keepFailedMs: open.attributes['keep-failed']?.ms,
    triggers,
    tracks,
    tasks,
  };
}

function checkTriggers(open: OpenElement<typeof WORKFLOW_ATTRIBUTES>): void {
  const written = open.all('trigger');
  if (written.some(watchesRecords) && !open.has('module')) {
    open.at.error('WORKFLOW_MODULE_MISSING', 'a trigger needs to know whose records it watches', 'add module="..."');
  }
  const scheduled = written.filter(isScheduled);
  checkScheduleNames(scheduled.map((place) => ({ place, name: place.element.attributes.get('name')?.source })));
  if (written.length === 0) {
    const range = open.at.element.nameRange;
    open.at.warningAt({ range }, 'WORKFLOW_TRIGGER_MISSING', 'nothing starts this workflow', 'add <trigger on="..."/>');
  }
}
