import { readShownDate } from '../display/date-display.ts';
import type { LegacyPreferences } from '../services.ts';
import { compareLoosely, isTruthy, toLegacyText } from '../value.ts';
import type { ConditionJudges } from './judged-value.ts';

/** The ends of a range `a,b`, dates in the person's format turned into stored ones; undefined when one is missing. */
export function rangeOf(value: string, preferences: LegacyPreferences): readonly [string, string] | undefined {
  const [start, end] = value.split(',').map((part) => part.trim());
  if (start === undefined || end === undefined) return undefined;
  return [readShownDate(start, preferences) ?? start, readShownDate(end, preferences) ?? end];
}

/** Between two values, neither of them included. */
export const RANGE_OPERATIONS: ConditionJudges = {
  between({ subject, field, value }) {
    const range = rangeOf(toLegacyText(value), subject.environment.user.preferences);
    if (range === undefined || !isTruthy(field)) return false;
    return compareLoosely(field, range[0]) > 0 && compareLoosely(field, range[1]) < 0;
  },
};
