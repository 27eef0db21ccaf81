import { CHOICE_SEPARATOR } from '../../../core/module.ts';
import { recordNumber } from '../../../core/record.ts';
import { matchesPattern } from './php-pattern.ts';
import { compareLoosely, equalsLoosely, isTruthy, type LegacyValue, toLegacyText } from '../value.ts';
import type { ConditionJudge, ConditionJudges, JudgedValue } from './judged-value.ts';

const CLOCK = /^(\d{1,5}):(\d{2})(?::(\d{2}))?$/u;

/** `8:30` and `8:30:01` as seconds; anything else as it is. */
function secondsOrValue(value: LegacyValue): LegacyValue {
  const [, hours, minutes, seconds] = (typeof value === 'string' ? CLOCK.exec(value) : null) ?? [];
  if (hours === undefined || minutes === undefined) return value;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0);
}

function ordered(holds: (order: number) => boolean): ConditionJudge {
  return ({ field, value }) => holds(compareLoosely(secondsOrValue(field), secondsOrValue(value)));
}

/** Loose equality; one of a multipicklist's choices; for references the record's number too. */
function is({ subject, field, value }: JudgedValue): boolean {
  const type = subject.environment.fieldType(subject.field);
  if (type === 'multipicklist') {
    return toLegacyText(field)
      .split(CHOICE_SEPARATOR)
      .some((choice) => equalsLoosely(choice.trim(), value));
  }
  if (equalsLoosely(field, value)) return true;
  if (type !== 'reference' && type !== 'owner' && type !== undefined) return false;
  const number = recordNumber(toLegacyText(field));
  return number !== undefined && equalsLoosely(number, value);
}

/** A comparison of texts, letter by letter. */
function texts(holds: (field: string, value: string) => boolean): ConditionJudge {
  return ({ field, value }) => holds(toLegacyText(field), toLegacyText(value));
}

function negated(judge: (judged: JudgedValue) => boolean): ConditionJudge {
  return (judged) => !judge(judged);
}

/** A comparison that is false of an empty field. */
function ofFilled(holds: (judged: JudgedValue) => boolean): ConditionJudge {
  return (judged) => isTruthy(judged.field) && holds(judged);
}

/** Operations that compare two values. */
export const COMPARISONS: ConditionJudges = {
  'equal to': ({ field, value }) => equalsLoosely(field, value),
  'does not equal': ({ field, value }) => !equalsLoosely(field, value),
  'less than': ordered((order) => order < 0),
  'greater than': ordered((order) => order > 0),
  'less than or equal to': ordered((order) => order <= 0),
  'greater than or equal to': ordered((order) => order >= 0),
  is,
  'is not': negated(is),
  contains: texts((field, value) => field.includes(value)),
  'does not contain': texts((field, value) => !field.includes(value)),
  'starts with': texts((field, value) => field.startsWith(value)),
  'ends with': texts((field, value) => field.endsWith(value)),
  'does not start with': texts((field, value) => !field.startsWith(value)),
  'does not end with': texts((field, value) => !field.endsWith(value)),
  matches: ({ field, value, guard }) => matchesPattern(toLegacyText(value), toLegacyText(field), guard),
  'is empty': ({ field }) => !isTruthy(field),
  'is not empty': ({ field }) => isTruthy(field),
  before: ofFilled(({ field, value }) => compareLoosely(field, value) < 0),
  after: ofFilled(({ field, value }) => compareLoosely(field, value) > 0),
};
