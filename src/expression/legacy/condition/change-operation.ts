import { equalsLoosely, isTruthy, toLegacyText } from '../value.ts';
import { previousValue } from './condition-subject.ts';
import type { ConditionJudges, JudgedValue } from './judged-value.ts';

/** Loosely: `1` and `1.0` are the same, and so are `""` and `"0"`. False for a creation. */
function hasChanged({ subject, field }: JudgedValue): boolean {
  if (subject.previous === undefined) return false;
  const before = previousValue(subject);
  return !equalsLoosely(before, field) && (isTruthy(before) || isTruthy(field));
}

/** Operations that look at the value before the save. */
export const CHANGE_OPERATIONS: ConditionJudges = {
  'has changed': hasChanged,
  'has changed to': (judged) => hasChanged(judged) && toLegacyText(judged.field) === toLegacyText(judged.value),
  was: ({ subject, value }) => equalsLoosely(previousValue(subject), value),
};
