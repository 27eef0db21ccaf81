import { durationText } from '../../core/duration-text.ts';
import type { ScheduleTiming } from '../../core/schedule.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** When a schedule fires, for people: `every 10 min`, `at 06:30 and 18:00 on Mon, Fri`, `cron 30 6 * * MON-FRI`. */
export function timingWords(timing: ScheduleTiming): string {
  switch (timing.kind) {
    case 'every':
      return `every ${durationText(timing.everyMs)}`;
    case 'cron':
      // A pattern of whole minutes is told as it is mostly written.
      return `cron ${timing.pattern.replace(/^0 /u, '')}`;
    case 'at': {
      const times = timing.times.map(({ hour, minute }) => `${twoDigits(hour)}:${twoDigits(minute)}`);
      const days = timing.days?.map((day) => DAYS[day] ?? '') ?? timing.dates;
      return `at ${times.join(' and ')}${days === undefined ? '' : ` on ${days.join(', ')}`}`;
    }
  }
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
