import type { Located, SourceText } from '../../core/diagnostic.ts';
import { BOOLEAN, choice, FILLED, NAME, TEXT } from '../attribute-kind.ts';
import type { ErrorPlan } from '../error-plan.ts';
import { shape, type OpenElement, type Place } from '../place.ts';
import type { Branch, ChooseTask, EndTask, FieldSetting, SetFieldsTask, Task, WebserviceTask } from '../workflow.ts';
import { readErrorPlan } from './error-plan.ts';
import { CONDITION_ATTRIBUTES, readCondition, readGuard } from './guard.ts';
import { PARAMETER_TYPE, readParameters } from './parameter.ts';
import { readSource, SOURCE_ATTRIBUTES } from './source.ts';
import type { TaskIndex } from './task-index.ts';

const TASK_ATTRIBUTES = { id: NAME, label: TEXT, when: FILLED } as const;

const TASK_ELEMENTS = { webservice: 'many', 'set-fields': 'many', choose: 'many', end: 'many' } as const;

/** Reserved names are let through by the shapes so that they are told as reserved, not as unknown. */
const TASK_CHILDREN = {
  ...TASK_ELEMENTS,
  'create-record': 'many',
  upsert: 'many',
  expression: 'many',
  launch: 'many',
  notify: 'many',
  respond: 'many',
  wait: 'many',
  parallel: 'many',
} as const;

const TASKS = shape({ attributes: {}, children: TASK_CHILDREN });

const WEBSERVICE = shape({
  attributes: { ...TASK_ATTRIBUTES, map: FILLED, service: FILLED, renew: BOOLEAN, always: BOOLEAN },
  required: ['id', 'map'],
  children: { condition: 'many', 'on-error': 'optional' },
});

const SET_FIELDS = shape({
  attributes: TASK_ATTRIBUTES,
  required: ['id'],
  children: { condition: 'many', set: 'some', 'on-error': 'optional' },
});

const SET = shape({
  attributes: { ...SOURCE_ATTRIBUTES, type: PARAMETER_TYPE },
  required: ['field'],
  children: { parameter: 'many', jsonata: 'optional' },
  text: true,
});

const CHOOSE = shape({
  attributes: TASK_ATTRIBUTES,
  children: { condition: 'many', when: 'some', otherwise: 'optional' },
  ordered: true,
});

const WHEN_ATTRIBUTES = { ...CONDITION_ATTRIBUTES, jsonata: FILLED } as const;
const WHEN = shape({ attributes: WHEN_ATTRIBUTES, children: { condition: 'many', ...TASK_CHILDREN } });

const END = shape({
  attributes: { ...TASK_ATTRIBUTES, as: choice('completed', 'failed'), message: FILLED },
  required: ['id'],
  children: { condition: 'many' },
});

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
    case 'choose':
      return readChoose(place, index);
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

type TaskHead = Omit<WebserviceTask, 'kind' | 'map' | 'service' | 'renew'>;

function readHead(open: OpenElement<typeof TASK_ATTRIBUTES>, index: TaskIndex): TaskHead | undefined {
  const { at } = open;
  const { id, label, when } = open.attributes;
  const guard = readGuard(open.all('condition'), when);
  if (id !== undefined) index.add(id, at.path);
  if (id === undefined) return undefined;
  return {
    id: id.value,
    label: label?.value,
    guard,
    always: false,
    onError: readPlan(open.child('on-error'), index),
    range: at.element.range,
    path: at.path,
  };
}

function readPlan(place: Place | undefined, index: TaskIndex): ErrorPlan | undefined {
  if (place === undefined) return undefined;
  const plan = readErrorPlan(place);
  if (plan.abortTo !== undefined) index.addAbort(plan.abortTo, place.path);
  return plan;
}

function readWebservice(place: Place, index: TaskIndex): WebserviceTask | undefined {
  const open = place.open(WEBSERVICE);
  const head = readHead(open, index);
  const { map, service, renew, always } = open.attributes;
  if (head === undefined || map === undefined) return undefined;
  return { ...head, kind: 'webservice', map, service, renew: renew ?? false, always: always ?? false };
}

function readSetFields(place: Place, index: TaskIndex): SetFieldsTask | undefined {
  const open = place.open(SET_FIELDS);
  const head = readHead(open, index);
  const sets = open.all('set').flatMap(readSetting);
  return head === undefined ? undefined : { ...head, kind: 'set-fields', sets };
}

function readSetting(place: Place): FieldSetting[] {
  const open = place.open(SET);
  const source = readSource(open, { without: 'field', nested: readParameters });
  const { field, type } = open.attributes;
  if (source === undefined || field === undefined) return [];
  return [{ field, source, type, range: place.element.range, path: place.path }];
}

function readChoose(place: Place, index: TaskIndex): ChooseTask {
  const open = place.open(CHOOSE);
  const id: Located<string> = open.attributes.id ?? {
    value: index.nextChoiceId(),
    range: place.element.nameRange,
  };
  index.add(id, place.path);
  const otherwise = open.child('otherwise');
  return {
    kind: 'choose',
    id: id.value,
    label: open.attributes.label?.value,
    guard: readGuard(open.all('condition'), open.attributes.when),
    always: false,
    onError: undefined,
    range: place.element.range,
    path: place.path,
    branches: open.all('when').map((branch) => readBranch(branch, index)),
    otherwise: otherwise === undefined ? [] : readTaskList(otherwise.open(TASKS).children, index),
  };
}

function readBranch(place: Place, index: TaskIndex): Branch {
  const open = place.open(WHEN);
  const guard = readBranchGuard(open);
  const tasks = open.children.filter((child) => child.name !== 'condition');
  return { guard, tasks: readTaskList(tasks, index) };
}

/** The guard of a branch: attributes that make a condition, conditions, JSONata. Tells CHOOSE_GUARD. */
function readBranchGuard(open: OpenElement<typeof WHEN_ATTRIBUTES>): Branch['guard'] {
  const jsonata: SourceText | undefined = open.attributes.jsonata;
  const asAttributes = open.has('field') || open.has('is') || open.has('value');
  const conditions = open.all('condition');
  if (!asAttributes && conditions.length === 0 && !open.has('jsonata')) {
    open.at.error('CHOOSE_GUARD', '<when> does not say when', 'add field="..." is="...", or use <otherwise>');
  }
  if (asAttributes && !(open.has('field') && open.has('is'))) {
    open.at.error('CHOOSE_GUARD', 'a condition needs both field and is');
  }
  const guard = readGuard(conditions, jsonata);
  const own = readCondition(open.at, open.attributes);
  return own === undefined ? guard : { ...guard, conditions: [own, ...guard.conditions] };
}

function readEnd(place: Place, index: TaskIndex): EndTask | undefined {
  const open = place.open(END);
  const head = readHead(open, index);
  const { as, message } = open.attributes;
  return head === undefined ? undefined : { ...head, kind: 'end', as: as ?? 'completed', message };
}
