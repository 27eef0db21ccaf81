import type { MomentDraft, WeekdayAim } from './moment-draft.ts';

/** Names of months as they may be shortened, in a pattern. */
export const MONTH_PATTERN =
  'january|february|march|april|may|june|july|august|september|october|november|december|' +
  'jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec';

/** Names of days as they may be shortened, in a pattern. */
export const WEEKDAY_PATTERN =
  'mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|' +
  'tues|wednes|thurs|thur|mon|tue|wed|thu|fri|sat|sun';

/** Units of time, in a pattern. */
export const UNIT_PATTERN =
  'seconds?|secs?|minutes?|mins?|hours?|weekdays?|days?|weeks?|fortnights?|months?|years?|' + WEEKDAY_PATTERN;

/** Words that count, in a pattern. */
export const ORDINAL_PATTERN =
  'first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|next|last|previous|this';

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const WEEKDAYS = 'mon tue wed thu fri sat sun'.split(' ');
const ORDINALS = 'this first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'.split(' ');

/** 1 to 12; 0 for no month. */
export function monthNumber(name: string): number {
  return MONTHS.indexOf(name.slice(0, 3)) + 1;
}

/** 1 for Monday to 7; 0 for no day. */
export function weekdayNumber(name: string): number {
  return /^weekdays?$/u.test(name) ? 0 : WEEKDAYS.indexOf(name.slice(0, 3)) + 1;
}

/** How often a word such as `next`, `last`, `this` or `third` counts. */
export function ordinalNumber(word: string): number {
  if (word === 'next') return 1;
  return word === 'last' || word === 'previous' ? -1 : ORDINALS.indexOf(word);
}

const SECONDS: ReadonlyMap<string, number> = new Map([
  ['sec', 1],
  ['second', 1],
  ['min', 60],
  ['minute', 60],
  ['hour', 3600],
]);

/** Adds `+2 weeks`, `next month`, `last friday`. `byWord` is for amounts that were words, which name weeks and days. */
export function addShift(draft: MomentDraft, amount: number, unit: string, byWord: boolean): void {
  const { shift } = draft;
  const name = unit.replace(/s$/u, '');
  const seconds = SECONDS.get(name);
  const weekday = weekdayNumber(unit);
  if (seconds !== undefined) shift.second += amount * seconds;
  else if (name === 'day') shift.day += amount;
  else if (name === 'weekday') shift.weekdays += amount;
  else if (name === 'fortnight') shift.day += amount * 14;
  else if (name === 'month') shift.month += amount;
  else if (name === 'year') shift.year += amount;
  else if (name === 'week') {
    shift.day += amount * 7;
    if (byWord) draft.weekday = { day: draft.weekday?.day, how: 'inWeek' };
  } else if (weekday > 0) {
    shift.day += (amount > 0 ? amount - 1 : amount) * 7;
    aimAtWeekday(draft, weekday, byWord && amount !== 0 ? 'next' : 'this');
  }
}

/** Goes to a day of the week; `monday next week` and `next week monday` are both the Monday of next week. */
export function aimAtWeekday(draft: MomentDraft, day: number, how: WeekdayAim['how']): void {
  draft.weekday = { day, how: draft.weekday?.how === 'inWeek' ? 'inWeek' : how };
  draft.fromMidnight = true;
}
