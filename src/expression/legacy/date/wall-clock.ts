import { MapwrightError } from '../../../core/error.ts';

/**
 * Calendar arithmetic on `local` times: what a clock on a wall shows, in milliseconds since 1970-01-01T00:00 on that wall
 * (`zoned-time.ts` leads from instants to it and back). Days always have 24 hours here.
 */
export const DAY_MS = 86_400_000;

/** A reading of the wall clock; every part may overflow: month 13 is January of the next year, day 0 the last of the month before. */
export interface WallReading {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
}

/** The local time of a reading; throws EXPRESSION_FAILED outside the years -9999 to 9999. */
export function localOf(reading: WallReading): number {
  const date = new Date(0);
  date.setUTCFullYear(reading.year, reading.month - 1, reading.day);
  date.setUTCHours(reading.hour ?? 0, reading.minute ?? 0, reading.second ?? 0);
  return inCalendar(date.getTime());
}

/** The reading of a local time. */
export function readingOf(local: number): Required<WallReading> {
  const date = new Date(local);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

const CALENDAR_START = Date.UTC(-9999, 0, 1);
const CALENDAR_END = Date.UTC(10_000, 0, 1);

/** The time itself; throws EXPRESSION_FAILED outside the years -9999 to 9999, which is where dates are written with four digits. */
export function inCalendar(time: number): number {
  if (time >= CALENDAR_START && time < CALENDAR_END) return time;
  throw new MapwrightError('EXPRESSION_FAILED', 'the date leaves the calendar, which ends with the year 9999', {
    hint: 'add fewer days or months',
  });
}

/** Days since 1970-01-01. */
export function dayNumberOf(local: number): number {
  return Math.floor(local / DAY_MS);
}

/** 1 for Monday to 7 for Sunday. */
export function weekdayOf(local: number): number {
  return ((((dayNumberOf(local) + 3) % 7) + 7) % 7) + 1;
}

/** The ISO 8601 week, and the year it belongs to. */
export function isoWeekOf(local: number): { readonly year: number; readonly week: number } {
  const thursday = local + (4 - weekdayOf(local)) * DAY_MS;
  const { year } = readingOf(thursday);
  return { year, week: 1 + Math.floor((dayNumberOf(thursday) - dayNumberOf(localOf({ year, month: 1, day: 1 }))) / 7) };
}

/** The first moment of a day of an ISO week; week and day may overflow. */
export function isoWeekDay(year: number, week: number, day: number): number {
  const fourth = localOf({ year, month: 1, day: 4 });
  return inCalendar(fourth + ((week - 1) * 7 + day - weekdayOf(fourth)) * DAY_MS);
}

/** Whole years between two local times, whichever is first. */
export function yearsBetween(one: number, other: number): number {
  const [first, last] = one < other ? [one, other] : [other, one];
  const years = readingOf(last).year - readingOf(first).year;
  return addMonths(first, years * 12) > last ? years - 1 : years;
}

/** Moves the month and keeps the day's number, so that 31 January and one month is 2 or 3 March. */
export function addMonths(local: number, months: number): number {
  const reading = readingOf(local);
  return localOf({ ...reading, month: reading.month + months });
}

/** Monday to Friday among `days` days from a local time on. */
export function countWeekdays(from: number, days: number): number {
  let count = Math.floor(days / 7) * 5;
  for (let offset = 0; offset < days % 7; offset++) if (weekdayOf(from + offset * DAY_MS) < 6) count++;
  return count;
}

/** `2024-12-31` */
export function isoDate(local: number): string {
  if (Number.isNaN(local)) return '';
  const { year, month, day } = readingOf(local);
  return `${padYear(year)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** `13:05:09` */
export function isoTime(local: number): string {
  const { hour, minute, second } = readingOf(local);
  return `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}`;
}

const ISO_TEXT = /^(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/u;

/** The local time of `2024-12-31` or `2024-12-31 13:05:09`; undefined when the calendar has no such day or time. */
export function localFromIso(text: string): number | undefined {
  const match = ISO_TEXT.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((digits: string | undefined) => Number(digits ?? 0));
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const local = localOf({ year, month, day, hour, minute, second });
  const reading = readingOf(local);
  return reading.month === month && reading.day === day ? local : undefined;
}

/** PHP's reading of years with two digits: 70 to 99 are of the last century. */
export function fullYear(year: number): number {
  return year < 70 ? 2000 + year : 1900 + year;
}

/** At least four digits, and a sign for years before the first. */
export function padYear(year: number): string {
  return year < 0 ? `-${pad(-year, 4)}` : pad(year, 4);
}

/** Digits with zeros in front. */
export function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
