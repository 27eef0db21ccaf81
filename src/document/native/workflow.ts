import { BOOLEAN, choice, FILLED, listOf, NAME } from '../attribute-kind.ts';
import { shape, type OpenElement, type Place } from '../place.ts';
import type { TriggerDefinition, WorkflowDocument } from '../workflow.ts';
import { HEAD_ATTRIBUTES, readHead } from './document-head.ts';
import { readGuard } from './guard.ts';
import { readTasks } from './task.ts';
import { TaskIndex } from './task-index.ts';

const WORKFLOW_ATTRIBUTES = {
  ...HEAD_ATTRIBUTES,
  module: FILLED,
  stream: NAME,
  'when-waiting': choice('hold', 'pass'),
  active: BOOLEAN,
} as const;

const WORKFLOW = shape({
  attributes: WORKFLOW_ATTRIBUTES,
  required: ['name'],
  children: { description: 'optional', trigger: 'many', tasks: 'once' },
});

const RECORD_TRIGGERS = ['create', 'update', 'save', 'delete'] as const;
const RESERVED_TRIGGERS: ReadonlySet<string> = new Set(['manual', 'first-true', 'relate', 'endpoint', 'schedule']);

const TRIGGER_ATTRIBUTES = {
  on: choice(...RECORD_TRIGGERS),
  fields: listOf(/^[A-Za-z_][A-Za-z0-9_.]*$/u, 'a list of field names'),
  when: FILLED,
} as const;

const TRIGGER = shape({ attributes: TRIGGER_ATTRIBUTES, required: ['on'], children: { condition: 'many' } });
const RESERVED_TRIGGER = shape({
  attributes: { ...TRIGGER_ATTRIBUTES, on: FILLED },
  children: { condition: 'many' },
});

/** A `<workflow>` document; undefined when it lacks a name. */
export function readWorkflow(place: Place): WorkflowDocument | undefined {
  const open = place.open(WORKFLOW);
  const head = readHead(open);
  const triggers = open.all('trigger').flatMap(readTrigger);
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
    active: active ?? true,
    triggers,
    tasks,
  };
}

function checkTriggers(open: OpenElement<typeof WORKFLOW_ATTRIBUTES>): void {
  const written = open.all('trigger');
  const watchesRecords = written.some((trigger) => !isReserved(trigger));
  if (watchesRecords && !open.has('module')) {
    open.at.error('WORKFLOW_MODULE_MISSING', 'a trigger needs to know whose records it watches', 'add module="..."');
  }
  if (written.length === 0) {
    const range = open.at.element.nameRange;
    open.at.warningAt({ range }, 'WORKFLOW_TRIGGER_MISSING', 'nothing starts this workflow', 'add <trigger on="..."/>');
  }
}

function isReserved(trigger: Place): boolean {
  return RESERVED_TRIGGERS.has(trigger.element.attributes.get('on')?.value ?? '');
}

function tellReserved(place: Place): void {
  const { on } = place.open(RESERVED_TRIGGER).attributes;
  if (on === undefined) return;
  const message = `the trigger "${on.value}" is not available in this version`;
  place.errorAt(on, 'WORKFLOW_TRIGGER_RESERVED', message, `use one of ${RECORD_TRIGGERS.join(', ')}`);
}

function readTrigger(place: Place): TriggerDefinition[] {
  if (isReserved(place)) {
    tellReserved(place);
    return [];
  }
  const open = place.open(TRIGGER);
  const { on, fields, when } = open.attributes;
  const guard = readGuard(open.all('condition'), when);
  if (on === undefined) return [];
  if (fields !== undefined && (on === 'create' || on === 'delete')) {
    const hint = 'fields go with on="update" and on="save"';
    place.error('WORKFLOW_TRIGGER_FIELDS', `on="${on}" does not depend on fields`, hint);
  }
  return [{ on, fields, guard, range: place.element.range }];
}
