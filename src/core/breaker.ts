import type { BreakerRules, DestinationState, Reached } from './destination.ts';

/** How services that say nothing are treated. */
export const DEFAULT_BREAKER: BreakerRules = { failures: 5, withinMs: 60_000, probeEveryMs: 30_000 };

/** The pause before the first look; each further one is twice as long, up to the longest. */
const FIRST_PROBE_MS = 1_000;

/** A failed call as the breaker counts it. */
interface CountedFailure {
  readonly caller: string;
  readonly at: number;
}

/** The failures in a row, of different callers, oldest first. */
export type FailureRow = readonly CountedFailure[];

/**
 * The row after one more call. An answer ends it; a caller that fails again counts once, so that one bad record which is
 * tried over and over closes the way to nobody. Failures older than the window do not count.
 */
export function failuresAfter(
  row: FailureRow,
  call: { readonly reached: Reached; readonly caller: string; readonly at: number; readonly rules: BreakerRules },
): FailureRow {
  const { reached, caller, at, rules } = call;
  if (reached === 'answered') return [];
  const others = row.filter((one) => one.caller !== caller && one.at > at - rules.withinMs);
  return [...others, { caller, at }].slice(-rules.failures);
}

/** The pause before look number `probes + 1`, in milliseconds. */
function probePauseMs(probes: number, { probeEveryMs }: BreakerRules): number {
  return Math.min(probeEveryMs, FIRST_PROBE_MS * 2 ** Math.min(probes, 20));
}

/** The state of a destination that has just turned out to be down. */
export function openedAt(now: number, reason: string, rules: BreakerRules): DestinationState {
  return { kind: 'open', since: now, reason, probes: 0, probeAt: now + probePauseMs(0, rules) };
}

/** The state of an open destination after a look at it. */
export function afterProbe(
  state: Extract<DestinationState, { kind: 'open' }>,
  probe: {
    readonly reached: Reached | undefined;
    readonly now: number;
    readonly reason: string;
    readonly rules: BreakerRules;
  },
): DestinationState {
  const { reached, now, reason, rules } = probe;
  const { since, probes } = state;
  if (reached === 'answered') return { kind: 'ramping', since: now, places: 1 };
  // The run that was to look turned out to call nobody: the next one looks.
  if (reached === undefined) return { kind: 'open', since, reason: state.reason, probes, probeAt: now };
  return { kind: 'open', since, reason, probes: probes + 1, probeAt: now + probePauseMs(probes + 1, rules) };
}

/** The state after as many calls went well as may be under way at once: twice as many, or all of them. */
export function widened(state: Extract<DestinationState, { kind: 'ramping' }>, concurrent: number): DestinationState {
  const places = state.places * 2;
  return places >= concurrent ? { kind: 'closed' } : { ...state, places };
}
