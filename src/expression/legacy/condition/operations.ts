import { CHANGE_OPERATIONS } from './change-operation.ts';
import { COMPARISONS } from './comparison.ts';
import { DATE_OPERATIONS } from './date-operation.ts';
import type { ConditionJudge } from './judged-value.ts';
import { RANGE_OPERATIONS } from './range-operation.ts';
import { RECORD_OPERATIONS } from './record-operation.ts';

const OPERATIONS: ReadonlyMap<string, ConditionJudge> = new Map(
  Object.entries({
    ...COMPARISONS,
    ...RANGE_OPERATIONS,
    ...DATE_OPERATIONS,
    ...CHANGE_OPERATIONS,
    ...RECORD_OPERATIONS,
  }),
);

/** What conditions of the original can say, in its words. */
export const LEGACY_OPERATION_NAMES: readonly string[] = [...OPERATIONS.keys()];

/** Operations whose value is a number of days, hours, or a position. */
const COUNTING = /^(?:(?:less|more) than (?:days|hours)|in (?:less|more) than$|days (?:ago|later)$|has this as nth)/u;

/** The operation of this name; undefined when there is none. */
export function findOperation(name: string): ConditionJudge | undefined {
  return OPERATIONS.get(name);
}

/** True for an operation that is never true unless its value begins with a number. */
export function countsUnits(name: string): boolean {
  return COUNTING.test(name);
}
