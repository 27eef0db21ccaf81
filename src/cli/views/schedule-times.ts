import type { ScheduleTimes } from '../../runtime/schedule/schedule-times.ts';
import { PAGE_WIDTH } from '../table.ts';
import { foldHanging, indent } from './exchange.ts';

/** When schedules fire, and their next slots as clocks of their zone show them. */
export function renderScheduleTimes(schedules: readonly ScheduleTimes[]): string[] {
  return schedules.flatMap(({ schedule, when, zone, next }) => {
    const times = next.map((slot) => renderSlot(slot, zone)).join(', ');
    const first = `schedule ${schedule}: ${when}, ${zone}`;
    const follow = next.length === 0 ? 'it fires no more' : `next: ${times}`;
    return [...foldHanging(first, PAGE_WIDTH), ...indent(foldHanging(follow, PAGE_WIDTH - 2))];
  });
}

/** A slot as clocks of the zone show it, with the day of the week: `Mon 23 Nov 2026 06:30`. Seconds where there are some. */
export function renderSlot(slot: number, zone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(slot % 60_000 === 0 ? {} : { second: '2-digit' }),
  });
  return format.format(slot).replaceAll(',', '');
}
