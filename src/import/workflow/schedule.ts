import type { ExportedSchedule } from '../export/exported-workflow.ts';

/** The attributes of a `<trigger on="schedule">` that say when. */
export type ScheduleAttributes = Readonly<Record<string, string>>;

/** When a scheduled workflow ran, in words, and the triggers that say the same; none where none can. */
export interface ScheduleText {
  readonly says: string;
  readonly triggers: readonly ScheduleAttributes[];
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** What coreBOS knows of a schedule; times are those of its administrator's zone. */
export function describeSchedule(schedule: ExportedSchedule): ScheduleText {
  const times = timesOf(schedule.time);
  const at = times.map(({ text }) => text).join(' ');
  const said = times.map(({ text }) => text).join(' and ');
  switch (schedule.type) {
    case '1':
      return { says: 'every hour', triggers: [{ every: '1h' }] };
    case '2':
      return { says: `every day at ${said}`, triggers: [{ at }] };
    case '3': {
      const days = weekdaysOf(schedule.daysOfWeek);
      return {
        says: `every week on ${days.join(', ')} at ${said}`,
        triggers: days.length === 0 ? [] : [{ at, days: days.join(' ') }],
      };
    }
    case '4': {
      const dates = datesOf(schedule.dates).map(({ text }) => text);
      return {
        says: `on ${dates.join(', ')} at ${said}`,
        triggers: dates.length === 0 ? [] : [{ at, dates: dates.join(' ') }],
      };
    }
    case '5': {
      const days = listOf(schedule.daysOfMonth).filter((day) => /^(?:[1-9]|[12][0-9]|3[01])$/u.test(day));
      const triggers = days.length === 0 ? [] : [`${days.join(',')} * *`];
      return { says: `every month on ${days.join(', ')} at ${said}`, triggers: patterns(times, triggers) };
    }
    case '6': {
      const said = `every month on a weekday (${schedule.daysOfMonth} ${schedule.daysOfWeek}) at ${at}`;
      return { says: said, triggers: patterns(times, monthlyWeekdays(schedule)) };
    }
    case '7': {
      const dates = datesOf(schedule.dates);
      const triggers = patterns(
        times,
        dates.map(({ month, day }) => `${day} ${month} *`),
      );
      return { says: `every year on ${dates.map(({ text }) => text.slice(5)).join(', ')} at ${said}`, triggers };
    }
    case '8': {
      const minutes = Number(schedule.minutes) || 15;
      const canBeSaid = Number.isInteger(minutes) && minutes > 0 && minutes <= MOST_MINUTES;
      return { says: `every ${minutes} minutes`, triggers: canBeSaid ? [{ every: `${minutes}m` }] : [] };
    }
    default:
      return { says: 'at times that the export does not tell', triggers: [] };
  }
}

/** The longest duration in minutes that a document can name. */
const MOST_MINUTES = 999_999;

/** A trigger for each time and day; times of the same minute share one. */
function patterns(times: readonly TimeOfDay[], days: readonly string[]): ScheduleAttributes[] {
  const byMinute = Map.groupBy(times, ({ minute }) => minute);
  return days.flatMap((day) =>
    [...byMinute].map(([minute, same]) => ({ cron: `${minute} ${same.map(({ hour }) => hour).join(',')} ${day}` })),
  );
}

/** The first to the fifth of a weekday in the month, where that is what the export says. */
function monthlyWeekdays({ daysOfMonth, daysOfWeek }: ExportedSchedule): string[] {
  const days = weekdaysOf(daysOfWeek);
  const weeks = listOf(daysOfMonth).filter((week) => /^[1-5]$/u.test(week));
  const all = days.flatMap((day) => weeks.map((week) => `${day}#${week}`));
  return all.length === 0 ? [] : [`* * ${all.join(',')}`];
}

interface TimeOfDay {
  readonly text: string;
  readonly hour: number;
  readonly minute: number;
}

/** `08:30`, `8:30pm`, or several of them, each once. Midnight when there is none. */
function timesOf(text: string): TimeOfDay[] {
  const found = [...text.matchAll(/(\d{1,2}):(\d{2})(?::\d{2})?\s*([ap]m)?/giu)].map((match): TimeOfDay => {
    const written = Number(match[1]);
    const half = match[3]?.toLowerCase();
    const hour = (half === undefined ? written : (written % 12) + (half === 'pm' ? 12 : 0)) % 24;
    const minute = Number(match[2]) % 60;
    return { text: `${twoDigits(hour)}:${twoDigits(minute)}`, hour, minute };
  });
  const once = new Map(found.map((time) => [time.text, time]));
  return once.size > 0 ? [...once.values()] : [{ text: '00:00', hour: 0, minute: 0 }];
}

/** Stored as 1 for Sunday to 7 for Saturday. */
function weekdaysOf(text: string): string[] {
  return listOf(text).flatMap((day) => DAYS[Number(day) - 1] ?? []);
}

function datesOf(text: string): { readonly text: string; readonly month: number; readonly day: number }[] {
  return listOf(text).flatMap((date) => {
    const [whole, month, day] = /^\d{4}-(\d{2})-(\d{2})/u.exec(date) ?? [];
    return whole === undefined ? [] : [{ text: whole, month: Number(month), day: Number(day) }];
  });
}

/** A JSON list, or values with commas between them. */
function listOf(text: string): string[] {
  return text
    .replaceAll(/[[\]"\s]/gu, '')
    .split(',')
    .filter((one) => one !== '');
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
