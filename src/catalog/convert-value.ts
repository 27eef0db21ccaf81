import { MapwrightError } from '../core/error.ts';
import type { Json } from '../core/json.ts';
import { readExactJson } from '../core/json-text.ts';
import type { ParameterType, ValueForm } from '../document/map.ts';
import { dateOf, instantOf } from '../expression/read-date.ts';

type Conversion = (value: Json) => Json | undefined;

/** A text that is a JSON number and stays what it is as an IEEE 754 number. */
function toNumber(value: Json): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/iu.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function toInteger(value: Json): Json | undefined {
  const number = toNumber(value);
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
}

function toText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function toBoolean(value: Json): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = toText(value).trim().toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(text)) return true;
  return ['false', '0', 'no', 'off'].includes(text) ? false : undefined;
}

function toDate(value: Json): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$/u.exec(toText(value).trim());
  return match?.[1] === undefined || Number.isNaN(Date.parse(match[1])) ? undefined : match[1];
}

function toDateTime(value: Json): string | undefined {
  const text = toText(value).trim().replace(' ', 'T');
  const withZone = /^\d{4}-\d{2}-\d{2}$/u.test(text)
    ? `${text}T00:00:00Z`
    : /(?:Z|[+-]\d{2}:?\d{2})$/iu.test(text)
      ? text
      : `${text}Z`;
  const time = Date.parse(withZone);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace(/\.000Z$/u, 'Z');
}

function toJson(value: Json): Json | undefined {
  return typeof value === 'string' ? readExactJson(value) : value;
}

function toArray(value: Json): Json {
  if (Array.isArray(value)) return value;
  const parsed = typeof value === 'string' && value.trimStart().startsWith('[') ? toJson(value) : undefined;
  return Array.isArray(parsed) ? parsed : [value];
}

const CONVERSIONS: Readonly<Record<ParameterType, Conversion>> = {
  string: toText,
  integer: toInteger,
  number: toNumber,
  boolean: toBoolean,
  date: toDate,
  datetime: toDateTime,
  json: toJson,
  array: toArray,
};

/** A date or time that is written in its own way; undefined when it is not written so. */
function formedTime(text: string, type: ParameterType, { pattern, zone = 'UTC' }: ValueForm): string | undefined {
  if (type === 'date') return pattern === undefined ? toDate(text) : dateOf(text.trim(), pattern);
  const instant = instantOf(text.trim(), pattern, zone);
  return instant === undefined ? undefined : toDateTime(new Date(instant).toISOString());
}

/** The value as the type says; null and `""` stay as they are, but an array is always an array. Throws PARAMETER_TYPE naming `name`. */
export function convertValue(
  value: Json,
  type: ParameterType | undefined,
  name: string,
  form?: ValueForm | undefined,
): Json {
  if (type === undefined) return value;
  if (value === null || value === '') return type === 'array' ? [] : value;
  const converted = form === undefined ? CONVERSIONS[type](value) : formedTime(toText(value), type, form);
  if (converted !== undefined) return converted;
  throw new MapwrightError('PARAMETER_TYPE', `"${name}" is not ${type === 'integer' ? 'an integer' : `a ${type}`}`, {
    hint: `it is ${typeof value}; change the source, or the type="${type}"`,
  });
}
