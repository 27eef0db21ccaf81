import { inZone, instantAt } from '../../zoned-time.ts';
import { MapwrightError } from '../../../core/error.ts';
import { clockOf, type DateClock, localNow } from '../date/date-clock.ts';
import { readMoment } from '../date/moment.ts';
import { formatPhpDate } from '../date/php-date.ts';
import { fromUserDate } from '../date/user-date.ts';
import { addMonths, DAY_MS, fullYear, inCalendar, isoDate, isoTime, isoWeekDay, localOf } from '../date/wall-clock.ts';
import { leadingNumber } from '../number.ts';
import { isTruthy, type LegacyValue, toLegacyText, toNumber } from '../value.ts';
import type { FunctionFamily, FunctionScope } from './function.ts';

/**
 * Functions that make dates and times. Dates are in the zone of the install; one that cannot be read counts as the first
 * second of 1970, as in the original.
 */
export const DATE_FUNCTIONS: FunctionFamily = {
  get_date: ([word = null], { environment }) => getDate(toLegacyText(word).toLowerCase(), clockOf(environment)),
  add_days: (values, scope) => moveDays(values, 1, scope),
  sub_days: (values, scope) => moveDays(values, -1, scope),
  add_months: (values, scope) => moveMonths(values, 1, scope),
  sub_months: (values, scope) => moveMonths(values, -1, scope),
  add_time: (values, { environment }) => moveTime(values, 1, clockOf(environment)),
  sub_time: (values, { environment }) => moveTime(values, -1, clockOf(environment)),
  format_date: ([date = null, pattern = null], { environment, guard }) => {
    const text = formatDate(date, pattern, clockOf(environment));
    guard.checkLength(text.length);
    return text;
  },
  getISODate: ([year = null, week = null, day = null]) =>
    isoDate(isoWeekDay(wholeNumber(year), wholeNumber(week), wholeNumber(day))),
};

function getDate(word: string, clock: DateClock): string {
  const local = localNow(clock);
  switch (word) {
    case 'now':
      return `${isoDate(local)} ${isoTime(local)}`;
    case 'time':
      return isoTime(local);
    case 'tomorrow':
      return isoDate(local + DAY_MS);
    case 'yesterday':
      return isoDate(local - DAY_MS);
    default:
      return isoDate(local);
  }
}

/** A date, when two arguments are given and the first says something, else today; and the last argument. */
function dateAndAmount(values: readonly LegacyValue[], { environment }: FunctionScope): [number, LegacyValue] {
  const clock = clockOf(environment);
  const [date = null, second] = values;
  const amount = second === undefined ? date : second;
  const given = second === undefined || !isTruthy(date) ? '' : toLegacyText(date);
  return [given === '' ? midnight(clock) : readDate(given, environment.user.preferences.dateFormat, clock), amount];
}

function midnight(clock: DateClock): number {
  return instantAt(Math.floor(localNow(clock) / DAY_MS) * DAY_MS, clock.timeZone);
}

/** A date as stored, or in the user's format, with or without a time; 0 when it is none. */
function readDate(text: string, format: Parameters<typeof fromUserDate>[1], clock: DateClock): number {
  const [date = '', ...rest] = text.trim().split(' ');
  return readMoment([fromUserDate(date, format) ?? date, ...rest].join(' '), clock) ?? 0;
}

/** Days are of 86,400 seconds, as in the original: over the end of summer time, midnight and a day is 23:00. */
function moveDays(values: readonly LegacyValue[], sign: 1 | -1, scope: FunctionScope): string {
  const [instant, amount] = dateAndAmount(values, scope);
  const days = numberIn(amount);
  const moved = inCalendar(instant + sign * Math.trunc(days * 86_400) * 1000);
  return isoDate(inZone(moved, clockOf(scope.environment).timeZone).local);
}

/** The number a text begins with, or 0. */
function numberIn(value: LegacyValue): number {
  if (typeof value === 'string') return leadingNumber(value) ?? 0;
  return typeof value === 'object' ? 0 : toNumber(value);
}

function moveMonths(values: readonly LegacyValue[], sign: 1 | -1, scope: FunctionScope): string {
  const { timeZone } = clockOf(scope.environment);
  const [instant, amount] = dateAndAmount(values, scope);
  const months = wholeAmount(amount);
  // Without a number there is no moment, which the original writes as the first.
  if (months === undefined) return isoDate(inZone(0, timeZone).local);
  const moved = instantAt(addMonths(inZone(instant, timeZone).local, sign * months), timeZone);
  return isoDate(inZone(moved, timeZone).local);
}

/** The whole part of a number, signs in a row allowed as in `--2`; undefined for anything else. */
function wholeAmount(value: LegacyValue): number | undefined {
  const [, signs = '', digits] = /^\s*([+-]*)\s*(\d+)(?:\.\d*)?\s*$/u.exec(toLegacyText(value)) ?? [];
  if (digits === undefined) return undefined;
  return signs.replaceAll('+', '').length % 2 === 1 ? -Number(digits) : Number(digits);
}

/** Minutes added to a time of day; only the time is told. */
function moveTime(values: readonly LegacyValue[], sign: 1 | -1, clock: DateClock): string {
  const [first = null, second] = values;
  const base = second === undefined ? isoTime(localNow(clock)) : toLegacyText(first);
  const minutes = wholeAmount(second === undefined ? first : second);
  const moved = minutes === undefined ? 0 : (readMoment(base, clock) ?? 0) + sign * minutes * 60_000;
  return isoTime(inZone(inCalendar(moved), clock.timeZone).local);
}

const AS_STORED = /^\d{4}-\d+(?:-\d+)?(?:\s|$)|^\d+:/u;

function formatDate(value: LegacyValue, pattern: LegacyValue, clock: DateClock): string {
  if (!isTruthy(value)) return '';
  const text = toLegacyText(value).trim();
  // As stored, or a time alone; whatever else stands for a moment is read as such.
  const moment = AS_STORED.test(text) ? undefined : readMoment(text, clock);
  const instant = moment ?? instantAt(partsOf(text, clock), clock.timeZone);
  return formatPhpDate(instant, clock.timeZone, isTruthy(pattern) ? toLegacyText(pattern) : 'Y-m-d');
}

/** `2024-12-31`, with or without a time, or a time alone, which is today's. Parts that are too large carry over. */
function partsOf(text: string, clock: DateClock): number {
  const space = text.indexOf(' ');
  const onlyTime = space < 0 && !text.includes('-');
  const dateText = onlyTime ? isoDate(localNow(clock)) : (text.split(' ')[0] ?? '');
  const timeText = onlyTime ? text : (text.split(' ')[1] ?? '0');
  const [year = '', month = '1', day = '1'] = dateText.split('-');
  const [hour = '', minute = '0', second = '0'] = timeText.split(':');
  return localOf({
    year: shortYear(wholeNumber(year)),
    month: wholeNumber(month),
    day: wholeNumber(day),
    hour: wholeNumber(hour),
    minute: wholeNumber(minute),
    second: wholeNumber(second),
  });
}

function shortYear(year: number): number {
  return year >= 0 && year <= 100 ? fullYear(year) : year;
}

/** The whole part of a number; throws EXPRESSION_FAILED for what is none. */
function wholeNumber(value: LegacyValue): number {
  const number = Math.trunc(toNumber(value));
  if (Number.isSafeInteger(number)) return number;
  throw new MapwrightError('EXPRESSION_FAILED', `${number} is no part of a date`);
}
