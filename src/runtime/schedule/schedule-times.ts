import type { Catalog } from '../../catalog/catalog.ts';
import { timingWords } from '../../catalog/schedule/timing-words.ts';
import { nextSlots, slotsOf } from '../../engine/schedule/slots.ts';

/** When a schedule fires, and when next. */
export interface ScheduleTimes {
  readonly schedule: string;
  /** For people: `every 10 min`. */
  readonly when: string;
  /** IANA name. */
  readonly zone: string;
  /** Milliseconds since the epoch; fewer than were asked for when it does not fire that often any more. */
  readonly next: readonly number[];
}

/** From when, where clocks are not told, and how many slots of each schedule. */
export interface Moment {
  readonly now: number;
  readonly timeZone: string;
}

const SHOWN = 5;

/** The zone of the machine, which schedules without one of their own follow. */
export function installZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The next five slots of the schedules, of those of the named workflows when some are named. */
export function scheduleTimes(
  { schedules }: Pick<Catalog, 'schedules'>,
  { now, timeZone }: Moment,
  workflows?: ReadonlySet<string>,
): ScheduleTimes[] {
  const shown = [...schedules.values()].filter(({ workflow }) => workflows?.has(workflow.name) ?? true);
  return shown.map(({ name, timing, zone = timeZone }) => ({
    schedule: name,
    when: timingWords(timing),
    zone,
    next: nextSlots(slotsOf(timing, zone), now, SHOWN),
  }));
}
