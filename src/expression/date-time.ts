import { MapwrightError } from '../core/error.ts';
import type { Ambience } from './environment.ts';
import { inZone, shiftInstant, type ZonedTime } from './zoned-time.ts';

const DEFAULT_PATTERN = "yyyy-MM-dd'T'HH:mm:ssXXX";
const MAX_PATTERN_LENGTH = 200;
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/**
 * The ambient time, moved by `shift` (`+1d -2h`), written with a Unicode pattern (UTS #35; `yyyy-MM-dd'T'HH:mm`) in `zone`
 * (an IANA name, default the install's). Default pattern: ISO 8601 with offset. Throws EXPRESSION_FAILED.
 */
export function formatDateTime(ambience: Ambience, pattern?: string, shift?: string, zone?: string): string {
  const timeZone = zone ?? ambience.timeZone;
  const time = inZone(shiftInstant(ambience.now, shift ?? '', timeZone), timeZone);
  return formatPattern(time, pattern ?? DEFAULT_PATTERN);
}

const PATTERN_PART = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+/gy;

function formatPattern(time: ZonedTime, pattern: string): string {
  if (pattern.length > MAX_PATTERN_LENGTH) throw failure('the date pattern is too long');
  let text = '';
  let end = 0;
  for (const match of pattern.matchAll(PATTERN_PART)) {
    const [whole, literal, letter] = match;
    end = match.index + whole.length;
    if (literal !== undefined) text += literal === '' ? "'" : literal.replaceAll("''", "'");
    else text += letter === undefined ? whole : formatField(time, whole);
  }
  if (end < pattern.length) throw failure('a quote in the date pattern is not closed');
  return text;
}

function formatField(time: ZonedTime, field: string): string {
  const write = FIELDS[field];
  if (write === undefined) throw failure(`"${field}" is not a date pattern`);
  return write(new Date(time.local), time.offsetMinutes);
}

type FieldWriter = (date: Date, offsetMinutes: number) => string;

const FIELDS: Readonly<Record<string, FieldWriter | undefined>> = Object.assign(
  Object.create(null) as Record<string, FieldWriter>,
  {
    yyyy: (date) => pad(date.getUTCFullYear(), 4),
    yy: (date) => pad(date.getUTCFullYear() % 100, 2),
    y: (date) => String(date.getUTCFullYear()),
    MMMM: (date) => nameOf(MONTHS, date.getUTCMonth()),
    MMM: (date) => nameOf(MONTHS, date.getUTCMonth()).slice(0, 3),
    MM: (date) => pad(date.getUTCMonth() + 1, 2),
    M: (date) => String(date.getUTCMonth() + 1),
    dd: (date) => pad(date.getUTCDate(), 2),
    d: (date) => String(date.getUTCDate()),
    EEEE: (date) => nameOf(DAYS, date.getUTCDay()),
    EEE: (date) => nameOf(DAYS, date.getUTCDay()).slice(0, 3),
    HH: (date) => pad(date.getUTCHours(), 2),
    H: (date) => String(date.getUTCHours()),
    hh: (date) => pad(date.getUTCHours() % 12 || 12, 2),
    h: (date) => String(date.getUTCHours() % 12 || 12),
    a: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
    mm: (date) => pad(date.getUTCMinutes(), 2),
    m: (date) => String(date.getUTCMinutes()),
    ss: (date) => pad(date.getUTCSeconds(), 2),
    s: (date) => String(date.getUTCSeconds()),
    SSS: (date) => pad(date.getUTCMilliseconds(), 3),
    XXX: (_, offset) => (offset === 0 ? 'Z' : formatOffset(offset, ':')),
    XX: (_, offset) => (offset === 0 ? 'Z' : formatOffset(offset, '')),
    xxx: (_, offset) => formatOffset(offset, ':'),
    xx: (_, offset) => formatOffset(offset, ''),
  } satisfies Record<string, FieldWriter>,
);

function nameOf(names: readonly string[], index: number): string {
  return names[index] ?? '';
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function formatOffset(offsetMinutes: number, separator: string): string {
  const distance = Math.abs(offsetMinutes);
  const hours = pad(Math.floor(distance / 60), 2);
  return `${offsetMinutes < 0 ? '-' : '+'}${hours}${separator}${pad(distance % 60, 2)}`;
}

function failure(message: string): MapwrightError {
  return new MapwrightError('EXPRESSION_FAILED', message, {
    hint: "write a pattern such as yyyy-MM-dd'T'HH:mm:ssXXX; words stand in single quotes",
  });
}
