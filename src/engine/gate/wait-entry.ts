import type { Clock, Random } from '../../core/clock.ts';
import type { Entry } from '../../core/destination.ts';
import { durationText } from '../../core/duration-text.ts';
import type { CalledDestination, Obstacle } from './called-destination.ts';

/** A wait ends by itself after this long, should every word that it may go on be lost. */
const FALLBACK_MS = 10_000;
/** Of many who wait, so many come back by themselves in that time: all others wait longer. */
const FALLBACK_RUNS = 64;
const LONGEST_FALLBACK_MS = 600_000;

/** Why a call cannot be made now, and when whoever waits in the journal comes back at the latest. */
export function waitEntry(
  destination: CalledDestination,
  because: Obstacle,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Entry {
  const now = clock.now();
  const ahead = destination.parked;
  const shared = Math.min(LONGEST_FALLBACK_MS, FALLBACK_MS * Math.max(1, ahead / FALLBACK_RUNS));
  const pause = Math.max(shared, untilOwnTurn(destination, ahead, now));
  const until = now + Math.round(pause * (0.75 + random.next() / 2));
  return { kind: 'wait', because, why: sentence(destination, because), until };
}

/** How long it takes until as many calls have begun as stand before this one. */
function untilOwnTurn({ rules, state }: CalledDestination, ahead: number, now: number): number {
  if (state.kind === 'open') return state.probeAt - now;
  const rate = rules?.rate;
  return rate === undefined ? 0 : (ahead / rate.calls) * rate.periodMs;
}

function sentence({ key, rules, state, places }: CalledDestination, because: Obstacle): string {
  if (state.kind === 'held') {
    return `${state.by} has held back calls to ${key} since ${moment(state.since)}${state.reason === '' ? '' : `: ${state.reason}`}`;
  }
  if (state.kind === 'open') {
    const every = rules?.breaker === undefined ? '' : ` at least every ${durationText(rules.breaker.probeEveryMs)}`;
    return `${key} does not answer since ${moment(state.since)} (${state.reason}); it is tried again${every}`;
  }
  if (state.kind === 'ramping') return `${key} answers again, and at most ${places} at once may call it for now`;
  if (because !== 'rate' || rules?.rate === undefined) return `all ${places} places at ${key} are taken`;
  const { calls, periodMs } = rules.rate;
  return `${key} is called ${calls === 1 ? 'once' : `${calls} times`} in ${durationText(Math.round(periodMs))} at most`;
}

function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
