import { inZone } from '../../zoned-time.ts';
import type { LegacyEnvironment } from '../environment.ts';

/** Which time it is, and in which zone dates without one are. */
export interface DateClock {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** IANA name. */
  readonly timeZone: string;
}

/** The clock of an expression: the step's time, whole seconds, in the zone of the store. */
export function clockOf(environment: LegacyEnvironment): DateClock {
  const { clock } = environment.services;
  return { now: Math.floor(clock.now() / 1000) * 1000, timeZone: clock.timeZone };
}

/** What the wall clock shows now. */
export function localNow(clock: DateClock): number {
  return inZone(clock.now, clock.timeZone).local;
}
