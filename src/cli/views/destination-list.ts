import { durationText } from '../../core/duration-text.ts';
import type { DestinationEntry } from '../../runtime/destination-administration.ts';
import { renderAge, renderDuration } from '../duration.ts';
import { renderTable } from '../table.ts';

/** All destinations, a line each. */
export function renderDestinations(destinations: readonly DestinationEntry[], now: number): string[] {
  if (destinations.length === 0) return ['nobody is called: there is no service, and no map has called anything'];
  const columns = [
    { title: 'DESTINATION' },
    { title: 'STATE', gives: true },
    { title: 'WAITING', align: 'right' as const },
    { title: 'SINCE', align: 'right' as const },
    { title: 'UNDER WAY', align: 'right' as const },
    { title: 'LIMIT' },
  ];
  const rows = destinations.map((one) => [
    one.name,
    destinationState(one, now),
    one.waiting === 0 ? '' : String(one.waiting),
    one.waitingSince === undefined ? '' : renderAge(now - one.waitingSince),
    one.underWay === 0 ? '' : String(one.underWay),
    limitOf(one),
  ]);
  return renderTable(columns, rows);
}

/** Whether one is called, in a few words. */
export function destinationState({ state }: DestinationEntry, now: number): string {
  switch (state.kind) {
    case 'closed':
      return 'is called';
    case 'held':
      return `held by ${state.by} for ${renderAge(now - state.since)}${state.reason === '' ? '' : `: ${state.reason}`}`;
    case 'ramping':
      return `is called again, ${state.places} at once for now`;
    case 'open': {
      const next = state.probeBy === undefined ? `next try in ${renderDuration(state.probeAt - now)}` : 'tried now';
      return `down for ${renderAge(now - state.since)} (${state.reason}), ${next}`;
    }
    default:
      return state satisfies never;
  }
}

function limitOf({ concurrent, rate }: DestinationEntry): string {
  const places = concurrent === undefined ? [] : [`${concurrent} at once`];
  return [
    ...places,
    ...(rate === undefined ? [] : [`${rate.calls} in ${durationText(Math.round(rate.periodMs))}`]),
  ].join(', ');
}
