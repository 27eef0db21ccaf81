import type { LegacyEnvironment } from '../environment.ts';
import type { LegacyPreferences, LegacyServices } from '../services.ts';

/** For whom a value is shown, and what stored times mean. */
export interface LegacyViewer {
  readonly preferences: LegacyPreferences;
  /** IANA name of the zone that stored dates with a time are in. */
  readonly storedTimeZone: string;
}

/** Somebody with these preferences looking at the records of an install. */
export function viewerOf(preferences: LegacyPreferences, services: Pick<LegacyServices, 'clock'>): LegacyViewer {
  return { preferences, storedTimeZone: services.clock.storedTimeZone ?? services.clock.timeZone };
}

/** The person an expression runs as. */
export function viewerOfEnvironment(environment: LegacyEnvironment): LegacyViewer {
  return viewerOf(environment.user.preferences, environment.services);
}
