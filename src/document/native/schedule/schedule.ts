import type { SourceText } from '../../../core/diagnostic.ts';
import { MISSED_POLICIES, OVERLAP_POLICIES } from '../../../core/schedule.ts';
import { choice, DURATION, FILLED, listOf, NAME } from '../../attribute-kind.ts';
import type { OpenElement, Place } from '../../place.ts';
import type { ScheduleDefinition } from '../../schedule.ts';
import { readTiming } from './timing.ts';
import { readZone } from './zone.ts';

/** What a trigger may say about a clock. */
export const SCHEDULE_ATTRIBUTES = {
  name: NAME,
  cron: FILLED,
  every: DURATION,
  at: listOf(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/u, 'a list of times of day such as 06:30 18:00'),
  days: listOf(/^(?:sun|mon|tue|wed|thu|fri|sat)$/u, 'a list of days: mon tue wed thu fri sat sun'),
  dates: listOf(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/u, 'a list of dates such as 2026-12-24'),
  zone: FILLED,
  missed: choice(...MISSED_POLICIES),
  overlap: choice(...OVERLAP_POLICIES),
  records: FILLED,
} as const;

/** Conditions about a change: nothing has changed when a clock strikes. */
const ABOUT_CHANGES: ReadonlySet<string> = new Set(['changed', 'changed-to', 'changed-from']);

/** When and for which records the trigger fires; undefined after a problem was reported. */
export function readSchedule(open: OpenElement<typeof SCHEDULE_ATTRIBUTES>): ScheduleDefinition | undefined {
  const { at: place, attributes } = open;
  const isTold = (['cron', 'every', 'at'] as const).some((name) => open.isMisspelt(name));
  const timing = isTold ? undefined : readTiming(place, attributes);
  const zone = attributes.zone && readZone(place, attributes.zone);
  if (attributes.zone !== undefined && attributes.every !== undefined) {
    const message = 'every="..." counts time as it passes, whatever clocks show';
    place.warningAt(
      attributes.zone,
      'WORKFLOW_SCHEDULE_ZONE_UNUSED',
      message,
      'remove zone, or say cron or at instead',
    );
  }
  for (const condition of open.all('condition')) checkCondition(condition);
  if (timing === undefined || (attributes.zone !== undefined && zone === undefined)) return undefined;
  const { name, missed = 'once', overlap = 'wait', records } = attributes;
  return { name, timing, zone, missed, overlap, records };
}

function checkCondition(place: Place): void {
  const is = place.element.attributes.get('is');
  if (is === undefined || !ABOUT_CHANGES.has(is.value)) return;
  const message = `is="${is.value}" asks for a change, and nothing changes when a clock strikes`;
  place.errorAt(is.source, 'WORKFLOW_SCHEDULE_CONDITION', message, 'compare the field with a value instead');
}

/** Tells what only goes with a schedule, on a trigger that is none. */
export function refuseSchedule(open: OpenElement<typeof SCHEDULE_ATTRIBUTES>, on: string): void {
  for (const name of Object.keys(SCHEDULE_ATTRIBUTES) as (keyof typeof SCHEDULE_ATTRIBUTES)[]) {
    const written = open.at.element.attributes.get(name);
    if (written === undefined) continue;
    const message = `${name} says how a clock starts the workflow, and on="${on}" looks at none`;
    open.at.errorAt(written.source, 'WORKFLOW_SCHEDULE_ONLY', message, 'it goes with on="schedule"');
  }
}

/** Tells schedules of one workflow that cannot be told apart. */
export function checkScheduleNames(
  schedules: readonly { readonly place: Place; readonly name: SourceText | undefined }[],
): void {
  const seen = new Set<string>();
  for (const { place, name } of schedules) {
    if (name === undefined && schedules.length > 1) {
      const hint = 'add name="..." to each: people pause and watch them by it';
      place.error('WORKFLOW_SCHEDULE_NAME', 'a workflow with several schedules gives each a name', hint);
    }
    if (name !== undefined && seen.has(name.value)) {
      place.errorAt(name, 'WORKFLOW_SCHEDULE_NAME', `there are two schedules "${name.value}"`, 'rename one of them');
    }
    if (name !== undefined) seen.add(name.value);
  }
}
