import { FILLED, matching } from '../../attribute-kind.ts';
import type { CaseTime } from '../../map-test.ts';
import { shape, type Place } from '../../place.ts';

const NOW = shape({
  attributes: {
    at: matching(
      /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,3})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})$/u,
      'a time with its offset, such as 2026-01-31T09:00:00Z',
    ),
    zone: FILLED,
  },
});

/** When cases run that name no time: always the same moment, so that a test gives today what it gives in a year. */
export const DEFAULT_TIME: CaseTime = { now: Date.UTC(2026, 0, 1, 12, 0, 0), zone: 'UTC' };

/** `<now at="..." zone="..."/>`; what it does not say is as outside. Tells MAP_TEST_TIME. */
export function readTime(place: Place | undefined, outer: CaseTime): CaseTime {
  if (place === undefined) return outer;
  const { at, zone } = place.open(NOW).attributes;
  const now = at === undefined ? outer.now : Date.parse(at.value);
  if (at !== undefined && (Number.isNaN(now) || !isOnCalendar(at.value))) {
    place.errorAt(at, 'MAP_TEST_TIME', `there is no time ${at.value}`, 'write one that the calendar knows');
  }
  if (zone !== undefined && !isZone(zone.value)) {
    const hint = 'write an IANA name such as Europe/Berlin';
    place.errorAt(zone, 'MAP_TEST_TIME', `"${zone.value.slice(0, 60)}" is no time zone`, hint);
  }
  return { now, zone: zone?.value ?? outer.zone };
}

/** Date.parse takes 31 February for 3 March. */
function isOnCalendar(text: string): boolean {
  const day = text.slice(0, 10);
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
