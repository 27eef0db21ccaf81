import type { JsonObject } from '../../../core/json.ts';
import { memberOf } from '../../output-path.ts';
import type { LegacyEnvironment } from '../environment.ts';
import type { LegacyFieldType } from '../services.ts';
import type { LegacyValue } from '../value.ts';

/** The record that one condition is about, and which of its fields. */
export interface ConditionSubject {
  readonly environment: LegacyEnvironment;
  readonly field: string;
  /** The record's values before the save; undefined for a creation, and for a record behind a reference. */
  readonly previous: JsonObject | undefined;
}

const UTC_DATE_TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z$/u;

/** The stored value of a field as conditions compare it; null when there is no such field. */
export function storedValue(environment: LegacyEnvironment, field: string): LegacyValue {
  const value = memberOf(environment.record, field);
  if (value === undefined) return field === 'id' ? (environment.recordId ?? null) : null;
  return comparable(value, environment.fieldType(field));
}

/** The value of the subject's field before the save; empty for a creation. */
export function previousValue({ environment, field, previous }: ConditionSubject): LegacyValue {
  const value = previous === undefined ? '' : (memberOf(previous, field) ?? '');
  return comparable(value, environment.fieldType(field));
}

function comparable(value: LegacyValue, type: LegacyFieldType | undefined): LegacyValue {
  if (typeof value !== 'string') return value;
  // A checkbox that was never touched is off.
  if (type === 'boolean' && value === '') return '0';
  return value.endsWith('Z') ? value.replace(UTC_DATE_TIME, '$1 $2') : value;
}
