import { DAY_MS, inCalendar, localOf, readingOf, weekdayOf } from './wall-clock.ts';

/** What has been read of a text that stands for a moment. */
export interface MomentDraft {
  date: { readonly year?: number; readonly month?: number; readonly day?: number } | undefined;
  time: { readonly hour: number; readonly minute: number; readonly second: number } | undefined;
  /** Words such as `today` and names of days mean the first moment, unless there is a time. */
  fromMidnight: boolean;
  timeZone: string | undefined;
  offsetMinutes: number | undefined;
  /** Given as seconds since the epoch. */
  instant: number | undefined;
  readonly shift: { year: number; month: number; day: number; weekdays: number; second: number };
  /** A day of the week to go to. */
  weekday: WeekdayAim | undefined;
  /** `first` or `last day of`; `first monday of`. */
  dayOfMonth: DayOfMonthAim | undefined;
}

/** `1` for Monday to `7`; `this` takes today too, `next` goes beyond it, `inWeek` stays in the week from Monday on. */
export interface WeekdayAim {
  readonly day: number | undefined;
  readonly how: 'this' | 'next' | 'inWeek';
}

/** Which one in the month; -1 is the last. Without a weekday: the first or last day. */
export interface DayOfMonthAim {
  readonly nth: number;
  readonly weekday?: number;
}

/** Nothing read yet. */
export function emptyDraft(): MomentDraft {
  return {
    date: undefined,
    time: undefined,
    fromMidnight: false,
    timeZone: undefined,
    offsetMinutes: undefined,
    instant: undefined,
    shift: { year: 0, month: 0, day: 0, weekdays: 0, second: 0 },
    weekday: undefined,
    dayOfMonth: undefined,
  };
}

/** Moves a local time by the days, months and aims of a draft. Months overflow; then days count. */
export function shiftDay(start: number, draft: MomentDraft): number {
  const { shift } = draft;
  const reading = readingOf(start + daysToWeekday(start, draft) * DAY_MS);
  const aim = draft.dayOfMonth;
  const month = { ...reading, year: reading.year + shift.year, month: reading.month + shift.month };
  if (aim === undefined) {
    const moved = localOf({ ...month, day: reading.day + shift.day });
    return inCalendar(addWorkingDays(moved, shift.weekdays));
  }
  return inCalendar(dayInMonth(month, aim) + shift.day * DAY_MS);
}

function daysToWeekday(start: number, { weekday, shift }: MomentDraft): number {
  if (weekday === undefined) return 0;
  const today = weekdayOf(start);
  const distance = (weekday.day ?? today) - today;
  if (weekday.how === 'inWeek') return distance;
  // Going back by weeks has counted this week already.
  if (shift.day < 0) return distance < 0 ? distance + 7 : distance;
  return distance < 0 || (weekday.how === 'next' && distance === 0) ? distance + 7 : distance;
}

function dayInMonth(month: ReturnType<typeof readingOf>, { nth, weekday }: DayOfMonthAim): number {
  if (nth < 0) {
    const last = localOf({ ...month, month: month.month + 1, day: 0 });
    return weekday === undefined ? last : last - ((weekdayOf(last) - weekday + 7) % 7) * DAY_MS;
  }
  const first = localOf({ ...month, day: 1 });
  return weekday === undefined ? first : first + (((weekday - weekdayOf(first) + 7) % 7) + (nth - 1) * 7) * DAY_MS;
}

/** Monday to Friday only; a weekend counts as the working day before it, seen in the direction of the move. */
function addWorkingDays(start: number, count: number): number {
  if (count === 0) return start;
  const step = count < 0 ? -DAY_MS : DAY_MS;
  let local = start;
  while (weekdayOf(local) > 5) local -= step;
  local += Math.sign(count) * Math.floor(Math.abs(count) / 5) * 7 * DAY_MS;
  for (let left = Math.abs(count) % 5; left > 0;) {
    local += step;
    if (weekdayOf(local) < 6) left--;
  }
  return local;
}
