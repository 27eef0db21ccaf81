import type { Located, SourceText } from '../../../core/diagnostic.ts';
import type { ScheduleTiming, TimeOfDay } from '../../../core/schedule.ts';
import type { Place } from '../../place.ts';
import { WEEKDAYS } from './cron-field.ts';
import { readCronPattern } from './cron-pattern.ts';

/** The attributes that say when a schedule fires. */
export interface TimingAttributes {
  readonly cron: SourceText | undefined;
  readonly every: number | undefined;
  readonly at: readonly Located<string>[] | undefined;
  readonly days: readonly Located<string>[] | undefined;
  readonly dates: readonly Located<string>[] | undefined;
}

const FORMS = ['cron', 'every', 'at'] as const;
const SHORTEST_MS = 1000;
const HOW = 'say one of cron="*/5 * * * *", every="10m", at="06:30"';

/** When the schedule fires; undefined after a problem was reported. */
export function readTiming(place: Place, attributes: TimingAttributes): ScheduleTiming | undefined {
  const written = FORMS.filter((name) => place.element.attributes.has(name));
  if (written.length !== 1) {
    const message = written.length === 0 ? 'on="schedule" needs to know when' : `when is said ${written.length} times`;
    place.error('WORKFLOW_SCHEDULE_TIMING', message, HOW);
    return undefined;
  }
  const { cron, every, at, days, dates } = attributes;
  if (at === undefined || (days !== undefined && dates !== undefined)) checkDays(place, attributes);
  if (cron !== undefined) {
    const pattern = readCronPattern(place, cron);
    return pattern === undefined ? undefined : { kind: 'cron', pattern };
  }
  if (every !== undefined) return readEvery(place, every);
  if (at === undefined) return undefined;
  const read = { kind: 'at' as const, times: timesOf(at), days: daysOf(days), dates: datesOf(place, dates) };
  return dates !== undefined && read.dates === undefined ? undefined : read;
}

/** Days go with times of day, and either kind of them with the other. */
function checkDays(place: Place, { at, days, dates }: TimingAttributes): void {
  for (const name of ['days', 'dates'] as const) {
    if ((name === 'days' ? days : dates) === undefined) continue;
    const written = place.element.attributes.get(name)?.source ?? { range: place.element.nameRange };
    const message = at === undefined ? `${name} goes with at="..."` : 'days and dates are both said';
    place.errorAt(
      written,
      'WORKFLOW_SCHEDULE_TIMING',
      message,
      'say at="06:30" days="mon fri", or leave one of them out',
    );
    return;
  }
}

function readEvery(place: Place, everyMs: number): ScheduleTiming | undefined {
  if (everyMs >= SHORTEST_MS && everyMs % SHORTEST_MS === 0) return { kind: 'every', everyMs };
  const written = place.element.attributes.get('every')?.source ?? { range: place.element.nameRange };
  const message = 'a schedule fires every second at most, and on whole seconds';
  place.errorAt(written, 'WORKFLOW_SCHEDULE_TOO_OFTEN', message, 'every="1s" is the shortest');
  return undefined;
}

function timesOf(at: readonly Located<string>[]): TimeOfDay[] {
  const times = at.map(({ value }) => {
    const [hour, minute] = value.split(':').map(Number);
    return { hour: hour ?? 0, minute: minute ?? 0 };
  });
  return times.toSorted((a, b) => a.hour - b.hour || a.minute - b.minute);
}

function daysOf(days: readonly Located<string>[] | undefined): number[] | undefined {
  return days && WEEKDAYS.flatMap((day, index) => (days.some(({ value }) => value === day) ? [index] : []));
}

/** Undefined too when one of them is none of the calendar's, which is reported. */
function datesOf(place: Place, dates: readonly Located<string>[] | undefined): string[] | undefined {
  const wrong = dates?.filter(({ value }) => new Date(`${value}T00:00:00Z`).toJSON()?.slice(0, 10) !== value) ?? [];
  for (const date of wrong) {
    place.errorAt(date, 'WORKFLOW_SCHEDULE_NEVER', `there is no day ${date.value}`, 'correct it: year-month-day');
  }
  return wrong.length > 0 ? undefined : dates?.map(({ value }) => value).toSorted();
}
