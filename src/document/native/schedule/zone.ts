import type { SourceText } from '../../../core/diagnostic.ts';
import { nearest } from '../../../core/suggestion.ts';
import type { Place } from '../../place.ts';

/** The time zone's name; undefined after WORKFLOW_SCHEDULE_ZONE was reported. */
export function readZone(place: Place, zone: SourceText): string | undefined {
  const { value } = zone;
  if (isZone(value)) return value;
  const near = nearest(value, Intl.supportedValuesOf('timeZone')) ?? cityZone(value);
  const hint = near === undefined ? 'a name such as Europe/Berlin, or UTC' : `did you mean "${near}"?`;
  place.errorAt(zone, 'WORKFLOW_SCHEDULE_ZONE', `there is no time zone "${value.slice(0, 60)}"`, hint);
  return undefined;
}

/** Offsets such as +02:00 are refused: they know of no summer time, which is what a zone is named for. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/u.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** `Berlin` is Europe/Berlin. */
function cityZone(name: string): string | undefined {
  const city = name.toLowerCase().replaceAll(' ', '_');
  return Intl.supportedValuesOf('timeZone').find((zone) => zone.toLowerCase().endsWith(`/${city}`));
}
