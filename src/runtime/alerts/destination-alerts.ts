import { outageBefore } from '../../core/breaker.ts';
import type { DestinationBacklog, Outage, StoredDestination } from '../../core/destination.ts';
import { durationText } from '../../core/duration-text.ts';
import { type Alert, momentWords } from './alert.ts';

/** A shorter outage is nobody's concern: runs wait for its end by themselves. */
const TOLD_AFTER_MS = 3 * 60_000;

/** That a destination has not answered for a while, once for each outage; and once that it answers again. */
export function destinationAlerts(
  destinations: readonly StoredDestination[],
  { backlog, now }: { readonly backlog: readonly DestinationBacklog[]; readonly now: number },
): Alert[] {
  return destinations.flatMap(({ key, state }) => {
    const waiting = backlog.find((one) => one.key === key)?.waiting ?? 0;
    if (state.kind === 'open' && now - state.since >= TOLD_AFTER_MS) return [down(key, state, waiting)];
    const outage = outageBefore(state, now);
    return outage === undefined ? [] : [back(key, outage, waiting)];
  });
}

function down(
  key: string,
  { since, reason }: { readonly since: number; readonly reason: string },
  waiting: number,
): Alert {
  return {
    topic: topicOf(key),
    key: downKey(key, since),
    text: [
      `${key} does not answer: ${runs(waiting)} for it`,
      `Since ${momentWords(since)}; the last try came to ${reason}.`,
      'It is tried again all the time, and runs go on by themselves when it answers. mapwright destinations shows it.',
    ].join('\n'),
  };
}

function back(key: string, { since, until }: Outage, waiting: number): Alert {
  const away = durationText(Math.max(1, Math.round((until - since) / 60_000)) * 60_000);
  const left =
    waiting === 0 ? 'No run waits for it any more.' : `${runs(waiting)} for it still, and go on by themselves.`;
  return {
    topic: topicOf(key),
    key: `${downKey(key, since)}\nback`,
    after: [downKey(key, since)],
    text: `${key} answers again, after ${away}\nSince ${momentWords(until)}. ${left}`,
  };
}

function runs(waiting: number): string {
  return waiting === 1 ? '1 run waits' : `${waiting} runs wait`;
}

function topicOf(key: string): string {
  return `destination ${key}`;
}

function downKey(key: string, since: number): string {
  return ['destination', key, since].join('\n');
}
