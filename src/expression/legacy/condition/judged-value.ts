import type { JsonataGuard } from '../../jsonata-guard.ts';
import type { LegacyValue } from '../value.ts';
import type { ConditionSubject } from './condition-subject.ts';

/** What an operation compares: the field's value with the condition's, both evaluated. */
export interface JudgedValue {
  readonly subject: ConditionSubject;
  readonly field: LegacyValue;
  readonly value: LegacyValue;
  readonly guard: JsonataGuard;
}

/** One operation. May reject with what lookups and regular expressions reject with. */
export type ConditionJudge = (judged: JudgedValue) => boolean | Promise<boolean>;

/** The operations of one file by their names. */
export type ConditionJudges = Readonly<Record<string, ConditionJudge>>;
