import type { Json } from '../../core/json.ts';
import type { CallRecorder } from '../../core/redactor.ts';

const DOTS = '••••';
const LONGEST_TOLD = 200;

/** A value that somebody gave by hand, as people are told of it: what is not to be shown as dots, a long one cut. */
export function toldValue(
  recorder: CallRecorder,
  {
    name,
    value,
    isSensitive,
  }: { readonly name: string; readonly value: Json | undefined; readonly isSensitive: boolean },
): Json {
  if (value === undefined) return null;
  if (isSensitive || recorder.isSensitiveName(name)) return DOTS;
  const shown = recorder.redactJson(value, recorder.createRedactor());
  const text = JSON.stringify(shown);
  return text.length > LONGEST_TOLD ? `${text.slice(0, LONGEST_TOLD).toWellFormed()}...` : shown;
}
