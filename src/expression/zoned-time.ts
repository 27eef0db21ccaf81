import { MapwrightError } from '../core/error.ts';

/** An instant as the clock on a wall in some zone shows it. */
export interface ZonedTime {
  /** The wall-clock reading, as milliseconds since 1970-01-01T00:00 on that wall. */
  readonly local: number;
  /** How far the wall clock is ahead of UTC. */
  readonly offsetMinutes: number;
}

/** What a clock in `timeZone` (an IANA name) shows at `instant` (milliseconds since the epoch); throws EXPRESSION_FAILED. */
export function inZone(instant: number, timeZone: string): ZonedTime {
  return clockOf(timeZone)(instant);
}

/** A reader of instants in one zone. */
function clockOf(timeZone: string): (instant: number) => ZonedTime {
  if (timeZone === 'UTC') return (instant) => ({ local: instant, offsetMinutes: 0 });
  const format = formatOf(timeZone);
  return (instant) => {
    const parts: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(instant)) parts[type] = value;
    const { year, month, day, hour, minute, second, era } = parts;
    const date = new Date(((instant % 1000) + 1000) % 1000);
    // The years before the first are written as 1 BC and so on.
    date.setUTCFullYear(era === 'AD' ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day));
    const local = date.setUTCHours(Number(hour), Number(minute), Number(second));
    return { local, offsetMinutes: Math.round((local - instant) / 60_000) };
  };
}

/** Formats by zone: making one takes far longer than using it. */
const formats = new Map<string, Intl.DateTimeFormat>();
/** More zones than an install has people in; names are also spelled in either case. */
const MAX_FORMATS = 100;

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = makeFormat(timeZone);
  if (formats.size >= MAX_FORMATS) formats.clear();
  formats.set(timeZone, format);
  return format;
}

function makeFormat(timeZone: string): Intl.DateTimeFormat {
  const numeric = { hourCycle: 'h23', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  try {
    return new Intl.DateTimeFormat('en-US', {
      ...numeric,
      timeZone,
      calendar: 'gregory',
      era: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  } catch (cause) {
    throw new MapwrightError('EXPRESSION_FAILED', `unknown time zone "${timeZone}"`, {
      hint: 'use an IANA name such as Europe/Madrid',
      cause,
    });
  }
}

const DAY_MS = 86_400_000;
/** ECMAScript's last day, less two for the zones on either side. */
const CALENDAR_END = 8.64e15 - 2 * DAY_MS;

/** The first instant at which a clock in `timeZone` shows `local`; a time that is skipped gives the one as far after it. */
export function instantAt(local: number, timeZone: string): number {
  const clock = clockOf(timeZone);
  // Not in minutes: before zones were agreed on, clocks were ahead by minutes and seconds.
  const aheadAt = (instant: number) => clock(instant).local - instant;
  // Zones change their offset less than once a day, so these are the only two in question.
  const before = local - aheadAt(local - DAY_MS);
  const after = local - aheadAt(local + DAY_MS);
  const shown = [before, after].filter((instant) => clock(instant).local === local);
  return shown.length === 0 ? before : Math.min(...shown);
}

const SHIFT_TERM = /^([+-])(\d{1,9})(y|M|w|d|h|m|s)$/u;
const FIXED_UNITS: ReadonlyMap<string, number> = new Map([
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
]);

/**
 * Moves an instant by terms such as `+1d -2h`, left to right. Units: `y M w d` move the wall clock in `timeZone` (the last
 * day of the month is kept to), `h m s` are exact. Throws EXPRESSION_FAILED.
 */
export function shiftInstant(instant: number, shift: string, timeZone: string): number {
  let moved = instant;
  for (const term of shift.split(/\s+/u).filter((text) => text !== '')) {
    const [, sign, digits, unit] = SHIFT_TERM.exec(term) ?? [];
    if (sign === undefined || digits === undefined || unit === undefined) {
      throw new MapwrightError('EXPRESSION_FAILED', `"${term}" is not a time shift`, {
        hint: 'write +1d -2h; units are y M w d h m s',
      });
    }
    const count = Number(sign + digits);
    const fixed = FIXED_UNITS.get(unit);
    moved =
      fixed === undefined
        ? instantAt(inCalendar(moveDate(inZone(moved, timeZone).local, count, unit)), timeZone)
        : inCalendar(moved + count * fixed);
  }
  return moved;
}

function inCalendar(time: number): number {
  if (Math.abs(time) <= CALENDAR_END) return time;
  throw new MapwrightError('EXPRESSION_FAILED', 'the time shift leaves the calendar');
}

function moveDate(local: number, count: number, unit: string): number {
  const date = new Date(local);
  if (unit === 'd' || unit === 'w') {
    date.setUTCDate(date.getUTCDate() + count * (unit === 'w' ? 7 : 1));
    return date.getTime();
  }
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + count * (unit === 'y' ? 12 : 1));
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime();
}
