import { MapwrightError } from '../../core/error.ts';
import type { JsonObject } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import type { RecordId } from '../../core/record.ts';
import type { OpenCall } from './operation.ts';

const INVALID = 'INVALID_PARAMETER';

/** A parameter that an operation cannot do without. Throws INVALID_PARAMETER. */
export function requireText(call: OpenCall, name: string): string {
  const text = call.parameters.text(name)?.trim();
  if (text === undefined || text === '') throw invalidParameter(`Parameter ${name} is missing or empty`);
  return text;
}

/** What one request may ask for: more would keep a connection, and everybody's commits, busy for minutes. */
const MOST_ELEMENTS = 10_000;

/** Ids in a comma list or a JSON list; empty ones are left out. Throws INVALID_PARAMETER for anything else, and for too many. */
export function idsOf(call: OpenCall, name: string): readonly RecordId[] {
  const given = call.parameters.list(name, INVALID) ?? [];
  if (given.length > MOST_ELEMENTS) throw invalidParameter(`Parameter ${name} has more than ${MOST_ELEMENTS} ids`);
  return given.flatMap((id) => {
    if (typeof id !== 'string') throw invalidParameter(`Parameter ${name} holds something that is no id`);
    return id.trim() === '' ? [] : [id.trim()];
  });
}

/** A list of JSON objects. Throws INVALID_PARAMETER for anything else, and for too many. */
export function objectsOf(call: OpenCall, name: string): readonly JsonObject[] {
  const given = call.parameters.list(name, INVALID);
  if (given === undefined) throw invalidParameter(`Parameter ${name} is missing or empty`);
  if (given.length > MOST_ELEMENTS) throw invalidParameter(`Parameter ${name} has more than ${MOST_ELEMENTS} elements`);
  return given.map((element, index) => {
    if (isJsonObject(element)) return element;
    throw invalidParameter(`Element ${index + 1} of parameter ${name} is no JSON object`);
  });
}

/** Names separated by commas; empty ones are left out. */
export function wordsOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
}

/** A whole number between 0 and `greatest`; `otherwise` when there is none. Throws INVALID_PARAMETER. */
export function countOf(call: OpenCall, name: string, otherwise: number, greatest: number): number {
  const text = call.parameters.text(name)?.trim() ?? '';
  if (text === '') return otherwise;
  if (/^[0-9]{1,16}$/u.test(text) && Number(text) <= greatest) return Number(text);
  throw invalidParameter(`Parameter ${name} is no whole number of at most ${greatest}`);
}

/** INVALID_PARAMETER. */
export function invalidParameter(message: string): MapwrightError {
  return new MapwrightError(INVALID, message);
}
