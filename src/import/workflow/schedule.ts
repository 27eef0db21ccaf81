import type { ExportedSchedule } from '../export/exported-workflow.ts';

/** When a scheduled workflow ran, in words, and as lines of a crontab where a crontab can say it. */
export interface ScheduleText {
  readonly says: string;
  readonly cron: readonly string[];
}

/** What coreBOS knows of a schedule; times are those of its administrator's zone. */
export function describeSchedule(schedule: ExportedSchedule): ScheduleText {
  const times = timesOf(schedule.time);
  const at = times.map(({ text }) => text).join(' and ');
  const each = (days: string): string[] => times.map(({ hour, minute }) => `${minute} ${hour} ${days}`);
  switch (schedule.type) {
    case '1':
      return { says: 'every hour', cron: ['0 * * * *'] };
    case '2':
      return { says: `every day at ${at}`, cron: each('* * *') };
    case '3': {
      // Stored as 1 for Sunday to 7 for Saturday; a crontab counts from 0.
      const days = listOf(schedule.daysOfWeek).map((day) => String((Number(day) + 6) % 7));
      return {
        says: `every week on days ${days.join(', ')} (0 is Sunday) at ${at}`,
        cron: each(`* * ${days.join(',')}`),
      };
    }
    case '5': {
      const days = listOf(schedule.daysOfMonth).join(',');
      return { says: `every month on ${days} at ${at}`, cron: each(`${days} * *`) };
    }
    case '4':
    case '7': {
      const dates = listOf(schedule.dates);
      const cron = dates.flatMap((date) => {
        const [, month, day] = /^\d{4}-(\d{2})-(\d{2})/u.exec(date) ?? [];
        return month === undefined || day === undefined ? [] : each(`${Number(day)} ${Number(month)} *`);
      });
      return { says: `on ${dates.join(', ')} at ${at}${schedule.type === '7' ? ', every year' : ''}`, cron };
    }
    case '8': {
      const minutes = Number(schedule.minutes) || 15;
      return { says: `every ${minutes} minutes`, cron: minutes < 60 ? [`*/${minutes} * * * *`] : ['0 * * * *'] };
    }
    case '6':
      return { says: `every month on a weekday (${schedule.daysOfMonth} ${schedule.daysOfWeek}) at ${at}`, cron: [] };
    default:
      return { says: 'at times that the export does not tell', cron: [] };
  }
}

interface TimeOfDay {
  readonly text: string;
  readonly hour: number;
  readonly minute: number;
}

/** `08:30`, `8:30pm`, or several of them. Midnight when there is none. */
function timesOf(text: string): TimeOfDay[] {
  const found = [...text.matchAll(/(\d{1,2}):(\d{2})(?::\d{2})?\s*([ap]m)?/giu)].map((match): TimeOfDay => {
    const written = Number(match[1]);
    const half = match[3]?.toLowerCase();
    const hour = half === undefined ? written : (written % 12) + (half === 'pm' ? 12 : 0);
    return { text: `${String(hour).padStart(2, '0')}:${match[2] ?? '00'}`, hour, minute: Number(match[2]) };
  });
  return found.length > 0 ? found : [{ text: '00:00', hour: 0, minute: 0 }];
}

/** A JSON list, or values with commas between them. */
function listOf(text: string): string[] {
  return text
    .replaceAll(/[[\]"\s]/gu, '')
    .split(',')
    .filter((one) => one !== '');
}
