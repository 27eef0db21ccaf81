import type { Located, SourceText } from '../../../core/diagnostic.ts';
import { FILLED } from '../../attribute-kind.ts';
import { shape, type OpenElement, type Place } from '../../place.ts';
import type { Branch, ChooseTask, Task } from '../../task.ts';
import { CONDITION_ATTRIBUTES, GUARD_CHILDREN, hasGuardChildren, readCondition, readGuard } from '../guard.ts';
import type { TaskIndex } from '../task-index.ts';
import { TASK_ATTRIBUTES } from './task-head.ts';
import { TASK_NAMES } from './task-names.ts';

const CHOOSE = shape({
  attributes: TASK_ATTRIBUTES,
  children: { ...GUARD_CHILDREN, when: 'some', otherwise: 'optional' },
  ordered: true,
});

const WHEN_ATTRIBUTES = { ...CONDITION_ATTRIBUTES, jsonata: FILLED } as const;
const WHEN = shape({ attributes: WHEN_ATTRIBUTES, children: { ...GUARD_CHILDREN, ...TASK_NAMES } });
const OTHERWISE = shape({ attributes: {}, children: TASK_NAMES });

/** Reads the tasks of a branch: given by whoever knows all kinds of tasks. */
type ReadTasks = (places: readonly Place[], index: TaskIndex) => readonly Task[];

/** A `<choose>` task; without an id it gets one. */
export function readChoose(place: Place, index: TaskIndex, readTasks: ReadTasks): ChooseTask {
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
    guard: readGuard(open, open.attributes.when),
    always: false,
    onError: undefined,
    range: place.element.range,
    path: place.path,
    branches: open.all('when').map((branch) => readBranch(branch, index, readTasks)),
    otherwise: otherwise === undefined ? [] : readTasks(otherwise.open(OTHERWISE).children, index),
  };
}

function readBranch(place: Place, index: TaskIndex, readTasks: ReadTasks): Branch {
  const open = place.open(WHEN);
  const guard = readBranchGuard(open);
  const tasks = open.children.filter((child) => !Object.hasOwn(GUARD_CHILDREN, child.name));
  return { guard, tasks: readTasks(tasks, index) };
}

/** The guard of a branch: attributes that make a condition, conditions, JSONata. Tells CHOOSE_GUARD. */
function readBranchGuard(open: OpenElement<typeof WHEN_ATTRIBUTES>): Branch['guard'] {
  const jsonata: SourceText | undefined = open.attributes.jsonata;
  const asAttributes = open.has('field') || open.has('is') || open.has('value');
  if (!asAttributes && !hasGuardChildren(open) && !open.has('jsonata')) {
    open.at.error('CHOOSE_GUARD', '<when> does not say when', 'add field="..." is="...", or use <otherwise>');
  }
  if (asAttributes && !(open.has('field') && open.has('is'))) {
    open.at.error('CHOOSE_GUARD', 'a condition needs both field and is');
  }
  const guard = readGuard(open, jsonata);
  const own = readCondition(open.at, open.attributes);
  return own === undefined ? guard : { ...guard, conditions: [own, ...guard.conditions] };
}
