import { recordNumber } from '../../../core/record.ts';
import type { LegacyRow } from '../services.ts';
import { leadingNumber } from '../number.ts';
import { isTruthy, toLegacyText } from '../value.ts';
import type { ConditionSubject } from './condition-subject.ts';
import type { ConditionJudges } from './judged-value.ts';

/** Records of the subject's module whose field has this value. */
function withValue({ environment, field }: ConditionSubject, value: string): Promise<readonly LegacyRow[]> {
  const { module, services } = environment;
  if (module === undefined) return Promise.resolve([]);
  return services.records.find({ module, equal: { [field]: value }, conditions: [] });
}

/** Operations that look at other records. */
export const RECORD_OPERATIONS: ConditionJudges = {
  /** Another record has the value, or without one the value that this record has. */
  async exists({ subject, field, value }) {
    const wanted = toLegacyText(value) === '' ? toLegacyText(field) : toLegacyText(value);
    const found = await withValue(subject, wanted);
    return found.some((row) => row.id !== subject.environment.recordId);
  },
  /** Of the records with the same parent in this field, oldest first, the record is the nth. */
  async 'has this as nth child'({ subject, field, value }) {
    const nth = leadingNumber(toLegacyText(value)) ?? 0;
    if (!isTruthy(field) || nth < 1) return false;
    const children = await withValue(subject, toLegacyText(field));
    const byAge = children.toSorted((a, b) => (recordNumber(a.id) ?? 0) - (recordNumber(b.id) ?? 0));
    return byAge[Math.floor(nth) - 1]?.id === subject.environment.recordId;
  },
};
