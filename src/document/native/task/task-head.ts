import { FILLED, NAME, TEXT } from '../../attribute-kind.ts';
import type { ErrorPlan } from '../../error-plan.ts';
import type { OpenElement, Place } from '../../place.ts';
import type { TaskHead } from '../../task.ts';
import { readErrorPlan } from '../error-plan.ts';
import { GUARD_CHILDREN, readGuard } from '../guard.ts';
import type { TaskIndex } from '../task-index.ts';

/** The attributes that every task has. */
export const TASK_ATTRIBUTES = { id: NAME, label: TEXT, when: FILLED } as const;

/** The children that every task but choices and ends may have. */
export const TASK_CHILDREN = { ...GUARD_CHILDREN, 'on-error': 'optional' } as const;

/** What all tasks have in common; undefined without an id. The id and an abort go to the index. */
export function readTaskHead(open: OpenElement<typeof TASK_ATTRIBUTES>, index: TaskIndex): TaskHead | undefined {
  const { at } = open;
  const { id, label, when } = open.attributes;
  const guard = readGuard(open, when);
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
