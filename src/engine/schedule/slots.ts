import { Cron } from 'croner';
import type { ScheduleTiming } from '../../core/schedule.ts';

/** The times at which a schedule fires, in milliseconds since the epoch, on whole seconds. */
export interface Slots {
  /** The first one after a time; undefined when there is none. */
  after(time: number): number | undefined;
  /** The last one before a time; undefined when there is none. */
  before(time: number): number | undefined;
}

/**
 * The slots of a timing. A time of day that is named comes once every day: at the end of the gap where clocks jump over it,
 * and the first time where they show it twice. A pattern with `*` or `/` in seconds, minutes or hours follows what clocks
 * show: nothing in a gap, twice in an hour that comes twice.
 */
export function slotsOf(timing: ScheduleTiming, zone: string): Slots {
  switch (timing.kind) {
    case 'every':
      return {
        after: (time) => (Math.floor(time / timing.everyMs) + 1) * timing.everyMs,
        before: (time) => (Math.ceil(time / timing.everyMs) - 1) * timing.everyMs,
      };
    case 'cron':
      return cronSlots(timing.pattern, zone);
    case 'at':
      return joined(patternsOf(timing).map((pattern) => cronSlots(pattern, zone)));
  }
}

/** Times of day as patterns, one for each time and date. */
function patternsOf({ times, days, dates }: Extract<ScheduleTiming, { kind: 'at' }>): string[] {
  const weekdays = days === undefined ? '*' : days.join(',');
  const rests =
    dates === undefined
      ? [`* * ${weekdays}`]
      : dates.map((date) => {
          const [year, month, day] = date.split('-').map(Number);
          return `${day} ${month} * ${year}`;
        });
  return times.flatMap(({ hour, minute }) => rests.map((rest) => `0 ${minute} ${hour} ${rest}`));
}

function cronSlots(pattern: string, timezone: string): Slots {
  const cron = new Cron(pattern, { timezone, paused: true, fixedTimeRule: 'no-wildcard' });
  return {
    // A slot of this very second is not after it, whatever its milliseconds.
    after: (time) => cron.nextRun(new Date(Math.floor(time / 1000) * 1000))?.getTime(),
    before: (time) => cron.previousRuns(1, new Date(Math.ceil(time / 1000) * 1000))[0]?.getTime(),
  };
}

function joined(all: readonly Slots[]): Slots {
  const told = (slots: readonly (number | undefined)[]): number[] => slots.filter((slot) => slot !== undefined);
  return {
    after(time) {
      const slots = told(all.map((one) => one.after(time)));
      return slots.length === 0 ? undefined : Math.min(...slots);
    },
    before(time) {
      const slots = told(all.map((one) => one.before(time)));
      return slots.length === 0 ? undefined : Math.max(...slots);
    },
  };
}

/** The next slots after a time, `count` at most. */
export function nextSlots(slots: Slots, after: number, count: number): number[] {
  const next: number[] = [];
  for (let time = slots.after(after); time !== undefined && next.length < count; time = slots.after(time)) {
    next.push(time);
  }
  return next;
}
