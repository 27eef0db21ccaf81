import type { Json } from '../core/json.ts';
import type { CallRecorder, Redactor } from '../core/redactor.ts';
import { recordAnswer, recordRequest } from './call-record.ts';
import { createRedactor } from './redactor.ts';
import { isSensitiveName, redactJson } from './sensitive-name.ts';

/** The recorder of HTTP calls: what history keeps of them, secrets hidden by value and by name. */
export function createCallRecorder(): CallRecorder {
  return {
    createRedactor,
    recordRequest,
    recordAnswer,
    redactJson: (value, redactor) => redactTexts(redactJson(value), redactor),
    isSensitiveName,
  };
}

function redactTexts(value: Json, redactor: Redactor): Json {
  if (typeof value === 'string') return redactor.redact(value);
  if (typeof value !== 'object' || value === null) return value;
  // Hiding secrets in the JSON text would break it where a secret holds a quote; hiding them value by value does not.
  if (Array.isArray(value)) return value.map((item: Json) => redactTexts(item, redactor));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, redactTexts(member, redactor)]));
}
