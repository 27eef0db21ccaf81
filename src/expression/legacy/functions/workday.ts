import { inZone, instantAt } from '../../zoned-time.ts';
import { clockOf, type DateClock, localNow } from '../date/date-clock.ts';
import { readMoment, requireMoment } from '../date/moment.ts';
import { countWeekdays, DAY_MS, inCalendar, isoDate, isoTime, weekdayOf } from '../date/wall-clock.ts';
import type { LegacyEnvironment } from '../environment.ts';
import { equalsLoosely, isTruthy, type LegacyValue, toLegacyText, toNumber } from '../value.ts';
import { leadingNumber } from '../number.ts';
import { spanBetween } from './date-difference.ts';
import type { FunctionFamily, FunctionScope } from './function.ts';

/** Functions of working days. Holidays are the name of an information map, or dates with commas between. */
export const WORKDAY_FUNCTIONS: FunctionFamily = {
  networkdays: (values, { environment }) => networkDays(values, environment),
  holidaydifference: (values, { environment }) => (values.length === 4 ? holidayDifference(values, environment) : 0),
  isholidaydate: (values, { environment }) => isHolidayDate(values, environment),
  add_workdays: (values, scope) =>
    moveWorkdays(values, { sign: 1, worksSaturdays: !equalsLoosely(values[2] ?? 1, 0) }, scope),
  sub_workdays: (values, scope) =>
    moveWorkdays(values, { sign: -1, worksSaturdays: equalsLoosely(values[2] ?? 0, 1) }, scope),
  get_nextdate: (values, { environment }) => nextDate(values, environment),
  get_nextdatelaborable: (values, { environment }) => nextWorkday(values, environment),
};

const FRIDAY = 5;
const SATURDAY = 6;

async function networkDays(values: readonly LegacyValue[], environment: LegacyEnvironment): Promise<number> {
  const clock = clockOf(environment);
  const [first = null, second = null, holidays = null] = values;
  if (!isTruthy(first)) return 0;
  const now = localNow(clock);
  const pair = {
    first: toLegacyText(first),
    second: isTruthy(second) ? toLegacyText(second) : `${isoDate(now)} ${isoTime(now)}`,
  };
  const { from, days } = spanBetween(pair.first, pair.second, clock);
  const free = await holidaysBetween(holidays, { ...pair, lastWeekday: FRIDAY }, environment);
  return countWeekdays(from, days + 1) - free;
}

async function holidayDifference(values: readonly LegacyValue[], environment: LegacyEnvironment): Promise<number> {
  const clock = clockOf(environment);
  const [first = null, second = null, saturdays, holidays = null] = values;
  if (!isTruthy(first) || !isTruthy(second)) return 0;
  const pair = { first: toLegacyText(first), second: toLegacyText(second) };
  const worksSaturdays = !equalsLoosely(saturdays ?? 1, 0);
  const { from, days } = spanBetween(pair.first, pair.second, clock);
  const lastWeekday = worksSaturdays ? SATURDAY : FRIDAY;
  const free = await holidaysBetween(holidays, { ...pair, lastWeekday }, environment);
  return countWeekdays(from, days) + (worksSaturdays ? countSaturdays(from, days) : 0) - free;
}

function countSaturdays(from: number, days: number): number {
  const first = (SATURDAY - weekdayOf(from) + 7) % 7;
  return days > first ? 1 + Math.floor((days - 1 - first) / 7) : 0;
}

/** Both days belong to it. From the later to the earlier date there is no holiday, as in the original. */
interface HolidayRange {
  readonly first: string;
  readonly second: string;
  /** Holidays on a later day of the week are free anyway. */
  readonly lastWeekday: number;
}

async function holidaysBetween(
  holidays: LegacyValue,
  range: HolidayRange,
  environment: LegacyEnvironment,
): Promise<number> {
  const clock = clockOf(environment);
  const start = readMoment(range.first, clock) ?? 0;
  const end = readMoment(range.second, clock) ?? 0;
  const days = (await holidaysOf(holidays, environment)).filter((text) => text.trim() !== '');
  return days
    .map((text) => requireMoment(text, clock))
    .filter((day) => day >= start && day <= end)
    .filter((day) => weekdayOf(inZone(day, clock.timeZone).local) <= range.lastWeekday).length;
}

/** The values of the information map of that name, which the global variable `BusinessMapping_name` may replace; else the list. */
async function holidaysOf(holidays: LegacyValue, { services }: LegacyEnvironment): Promise<readonly string[]> {
  const spec = toLegacyText(holidays);
  if (!isTruthy(spec.trim())) return [];
  const replacement = await services.settings.get(`BusinessMapping_${spec}`);
  const information = await services.maps.information(replacement ?? spec);
  return information ?? spec.split(',');
}

async function isHolidayDate(values: readonly LegacyValue[], environment: LegacyEnvironment): Promise<boolean> {
  const clock = clockOf(environment);
  const [date = null, saturdayIsFree, holidays = null] = values;
  if (!isTruthy(date)) return false;
  const text = toLegacyText(date);
  const weekday = weekdayOf(inZone(readMoment(text, clock) ?? 0, clock.timeZone).local);
  if (weekday > SATURDAY) return true;
  if (weekday === SATURDAY && equalsLoosely(saturdayIsFree ?? 1, 1)) return true;
  return (await holidaysOf(holidays, environment)).some((day) => equalsLoosely(day, text));
}

interface WorkdayMove {
  readonly sign: 1 | -1;
  readonly worksSaturdays: boolean;
}

async function moveWorkdays(values: readonly LegacyValue[], move: WorkdayMove, scope: FunctionScope): Promise<string> {
  const { environment, guard } = scope;
  const [date = null, amount = null, , holidays = null] = values;
  const count = typeof amount === 'string' ? (leadingNumber(amount) ?? 0) : toNumber(amount);
  const free = new Set(await holidaysOf(holidays, environment));
  const lastWeekday = move.worksSaturdays ? SATURDAY : FRIDAY;
  let local = dateOf(date, clockOf(environment));
  // It takes a day for each at least: what ends behind the calendar is not counted to there.
  if (count > 0) inCalendar(local + move.sign * count * DAY_MS);
  for (let found = 0; found < count;) {
    guard.checkTime();
    local = inCalendar(local + move.sign * DAY_MS);
    if (weekdayOf(local) <= lastWeekday && !free.has(isoDate(local))) found++;
  }
  return isoDate(local);
}

/** A date as a local time; nothing is now. Throws EXPRESSION_FAILED for what is no date. */
function dateOf(value: LegacyValue, clock: DateClock): number {
  return inZone(requireMoment(toLegacyText(value), clock), clock.timeZone).local;
}

/** The first day on which something has to fall, looked for in 180 days of 86,400 seconds. */
interface Candidates {
  readonly days: readonly number[];
  readonly isListed: (local: number) => boolean;
  readonly isFree: (local: number) => boolean;
}

async function candidatesOf(values: readonly LegacyValue[], environment: LegacyEnvironment): Promise<Candidates> {
  const clock = clockOf(environment);
  const [date = null, listed = null, holidays = null] = values;
  const start = dateOf(date, clock);
  const end = inZone(instantAt(midnightOf(start), clock.timeZone) + 180 * DAY_MS, clock.timeZone).local;
  const count = Math.ceil((midnightOf(end) - start) / DAY_MS);
  const daysOfMonth = toLegacyText(listed).split(',');
  const free = new Set(await holidaysOf(holidays, environment));
  return {
    days: Array.from({ length: count }, (_, index) => start + index * DAY_MS),
    isListed: (local) => daysOfMonth.some((day) => equalsLoosely(day, isoDate(local).slice(-2))),
    isFree: (local) => free.has(isoDate(local)),
  };
}

function midnightOf(local: number): number {
  return Math.floor(local / DAY_MS) * DAY_MS;
}

async function nextDate(values: readonly LegacyValue[], environment: LegacyEnvironment): Promise<string> {
  const { days, isListed, isFree } = await candidatesOf(values, environment);
  const withWeekends = isTruthy(values[3] ?? null);
  const found = days.find((local) => (withWeekends || weekdayOf(local) <= FRIDAY) && !isFree(local) && isListed(local));
  return found === undefined ? '' : isoDate(found);
}

async function nextWorkday(values: readonly LegacyValue[], environment: LegacyEnvironment): Promise<string> {
  const { days, isListed, isFree } = await candidatesOf(values, environment);
  const lastWeekday = isTruthy(values[3] ?? null) ? SATURDAY : FRIDAY;
  let local = days.find(isListed);
  if (local === undefined) return '';
  while (weekdayOf(local) > lastWeekday || isFree(local)) local = inCalendar(local + DAY_MS);
  return isoDate(local);
}
