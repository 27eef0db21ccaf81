import { inZone } from '../../zoned-time.ts';
import { clockOf, type DateClock, localNow } from '../date/date-clock.ts';
import { readMoment, requireMoment } from '../date/moment.ts';
import { toStoredMoment } from '../date/user-date.ts';
import { countWeekdays, DAY_MS, isoDate, isoTime, yearsBetween } from '../date/wall-clock.ts';
import { viewerOfEnvironment } from '../display/viewer.ts';
import type { LegacyEnvironment } from '../environment.ts';
import { isTruthy, type LegacyValue, numberOrZero, toLegacyText } from '../value.ts';
import { leadingNumber } from '../number.ts';
import type { FunctionFamily } from './function.ts';

/** Functions that tell how far two dates are apart; with one argument, how far it is from now. */
export const DATE_DIFFERENCE_FUNCTIONS: FunctionFamily = {
  time_diff: (values, { environment }) => secondsBetween(values, environment),
  time_diffdays: (values, { environment }) => {
    const seconds = secondsBetween(values, environment);
    const number = typeof seconds === 'string' ? (leadingNumber(seconds) ?? 0) : numberOrZero(seconds);
    return Math.floor(number / 86_400);
  },
  time_diffyears: (values, { environment }) => {
    const clock = clockOf(environment);
    const pair = pairOf(values, clock);
    if (pair === undefined) return 0;
    const viewer = viewerOfEnvironment(environment);
    const [first, second] = pair.map((text) => localAt(toStoredMoment(text, viewer, clock), clock));
    return yearsBetween(first ?? 0, second ?? 0);
  },
  time_diffweekdays: (values, { environment }) => {
    const clock = clockOf(environment);
    const pair = pairOf(values, clock);
    if (pair === undefined) return 0;
    const { from, days } = spanBetween(pair[0], pair[1], clock);
    return countWeekdays(from, days);
  },
};

/** What is compared, now and the argument when there is only one; undefined when one of them says nothing. */
function pairOf(values: readonly LegacyValue[], clock: DateClock): readonly [string, string] | undefined {
  const [first = null, second] = values;
  const pair = second === undefined ? [nowText(clock), first] : [first, second];
  const [one = null, other = null] = pair;
  return isTruthy(one) && isTruthy(other) ? [toLegacyText(one), toLegacyText(other)] : undefined;
}

function nowText(clock: DateClock): string {
  const local = localNow(clock);
  return `${isoDate(local)} ${isoTime(local)}`;
}

const TIME_WITHIN = /(?:[01]?\d|2[0-3]):[0-5]\d/u;

/** Two times of day give a time of day; what is no date counts as the first second of 1970. */
function secondsBetween(values: readonly LegacyValue[], environment: LegacyEnvironment): LegacyValue {
  const clock = clockOf(environment);
  const pair = pairOf(values, clock);
  if (pair === undefined) return 0;
  const viewer = viewerOfEnvironment(environment);
  const [first = '', second = ''] = pair.map((text) => toStoredMoment(text, viewer, clock));
  if (first === '' && second === '' && pair.every((text) => TIME_WITHIN.test(text))) {
    const difference = instantOf(pair[0], clock) - instantOf(pair[1], clock);
    return isoTime(inZone(difference, clock.timeZone).local);
  }
  return (instantOf(first, clock) - instantOf(second, clock)) / 1000;
}

function instantOf(text: string, clock: DateClock): number {
  return readMoment(text, clock) ?? 0;
}

function localAt(text: string, clock: DateClock): number {
  return inZone(requireMoment(text, clock), clock.timeZone).local;
}

/** The earlier of two dates as a local time, and how many whole days the later one is away. Throws EXPRESSION_FAILED. */
export function spanBetween(
  one: string,
  other: string,
  clock: DateClock,
): { readonly from: number; readonly days: number } {
  const [first, second] = [localAt(one, clock), localAt(other, clock)];
  return { from: Math.min(first, second), days: Math.floor(Math.abs(second - first) / DAY_MS) };
}
