import { inZone, instantAt } from '../../zoned-time.ts';
import { leadingNumber } from '../number.ts';
import type { LegacyClock } from '../services.ts';
import { toLegacyText } from '../value.ts';
import type { ConditionJudge, ConditionJudges, JudgedValue } from './judged-value.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Some 270,000 years: beyond it nothing is a date. */
const MAX_DAYS = 1e8;

const DATE = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?)?/u;

/** The day of a date, or the one on which a stored date with a time is here; undefined when there is none. */
function dayOf(text: string, clock: LegacyClock): string | undefined {
  const [, day, time] = DATE.exec(text.trim()) ?? [];
  const instant = time === undefined ? undefined : instantOf(text, clock);
  return instant === undefined ? day : isoDay(inZone(instant, clock.timeZone).local);
}

/** Milliseconds since the epoch; a date alone is its midnight here. */
function instantOf(text: string, { timeZone, storedTimeZone }: LegacyClock): number | undefined {
  const [, day, time, seconds = ':00'] = DATE.exec(text.trim()) ?? [];
  const local = day === undefined ? Number.NaN : Date.parse(`${day}T${time ?? '00:00'}${seconds}Z`);
  if (Number.isNaN(local)) return undefined;
  return instantAt(local, time === undefined ? timeZone : (storedTimeZone ?? timeZone));
}

function isoDay(local: number): string {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
}

/** The day some days from now, `YYYY-MM-DD`. */
export function dayFromNow({ now, timeZone }: LegacyClock, days: number): string {
  return isoDay(inZone(now(), timeZone).local + days * DAY_MS);
}

/** The number of days or hours that a condition names; undefined when it names none. */
export function countOf(value: string): number | undefined {
  const count = leadingNumber(value);
  return count === undefined || Math.abs(count) > MAX_DAYS ? undefined : Math.trunc(count);
}

interface Days {
  readonly day: string;
  readonly today: string;
  /** The day so many days from today. */
  shifted(sign: 1 | -1): string;
}

/** An operation on the field's day; false without a day, or when the value names no number. */
function byDays(holds: (days: Days) => boolean): ConditionJudge {
  return ({ subject, field, value }) => {
    const { clock } = subject.environment.services;
    const day = dayOf(toLegacyText(field), clock);
    const count = countOf(toLegacyText(value));
    if (day === undefined || count === undefined) return false;
    return holds({ day, today: dayFromNow(clock, 0), shifted: (sign) => dayFromNow(clock, sign * count) });
  };
}

interface Hours {
  readonly at: number;
  readonly now: number;
  readonly spanMs: number;
}

function byHours(holds: (hours: Hours) => boolean): ConditionJudge {
  return ({ subject, field, value }) => {
    const { clock } = subject.environment.services;
    const at = instantOf(toLegacyText(field), clock);
    const count = countOf(toLegacyText(value));
    if (at === undefined || count === undefined) return false;
    return holds({ at, now: clock.now(), spanMs: count * HOUR_MS });
  };
}

/** The day, or for a birthday the day of the year, is today's. */
function isToday({ subject, field }: JudgedValue): boolean {
  const { clock } = subject.environment.services;
  const day = dayOf(toLegacyText(field), clock);
  const today = dayFromNow(clock, 0);
  return subject.field === 'birthday' ? day?.slice(5) === today.slice(5) : day === today;
}

/** Day and month agree, whatever the year. */
function monthDay({ subject, field, value }: JudgedValue): boolean {
  const { clock } = subject.environment.services;
  const day = dayOf(toLegacyText(field), clock);
  return day !== undefined && day.slice(5) === dayOf(toLegacyText(value), clock)?.slice(5);
}

/** Operations on days and hours. */
export const DATE_OPERATIONS: ConditionJudges = {
  'is today': isToday,
  monthday: monthDay,
  'less than days ago': byDays(({ day, today, shifted }) => day >= shifted(-1) && day <= today),
  'more than days ago': byDays(({ day, shifted }) => day <= shifted(-1)),
  'in less than': byDays(({ day, today, shifted }) => day >= today && day <= shifted(1)),
  'in more than': byDays(({ day, shifted }) => day >= shifted(1)),
  'days ago': byDays(({ day, shifted }) => day === shifted(-1)),
  'days later': byDays(({ day, shifted }) => day === shifted(1)),
  'less than hours before': byHours(({ at, now, spanMs }) => at >= now - spanMs && at <= now),
  'more than hours before': byHours(({ at, now, spanMs }) => at <= now - spanMs),
  'less than hours later': byHours(({ at, now, spanMs }) => at >= now && at <= now + spanMs),
  'more than hours later': byHours(({ at, now, spanMs }) => at >= now + spanMs),
};
