import type { BreakerRules, DestinationState, Outage, Reached } from './destination.ts';

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

/** A destination that answers for this long has come back; one that fails sooner was never away from its outage. */
const SETTLED_MS = 60_000;

/** The outage that is over in this state, and that nothing has followed since; undefined when there is none. */
export function outageBefore(state: DestinationState, now: number): Outage | undefined {
  if (state.kind === 'closed') return state.wasDown;
  if (state.kind !== 'ramping' || state.downSince === undefined || now - state.since < SETTLED_MS) return undefined;
  return { since: state.downSince, until: state.since };
}

/** The state of a destination that has just turned out to be down: since now, or still since its outage began. */
export function openedAt(
  now: number,
  reason: string,
  { before, rules }: { readonly before: DestinationState; readonly rules: BreakerRules },
): DestinationState {
  const isSame = before.kind === 'ramping' && now - before.since < SETTLED_MS;
  const since = isSame ? (before.downSince ?? now) : now;
  return { kind: 'open', since, reason, probes: 0, probeAt: now + probePauseMs(0, rules) };
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
  if (reached === 'answered') return { kind: 'ramping', since: now, places: 1, downSince: since };
  // The run that was to look turned out to call nobody: the next one looks.
  if (reached === undefined) return { kind: 'open', since, reason: state.reason, probes, probeAt: now };
  return { kind: 'open', since, reason, probes: probes + 1, probeAt: now + probePauseMs(probes + 1, rules) };
}

/** The state after as many calls went well as may be under way at once: twice as many, or all of them. */
export function widened(state: Extract<DestinationState, { kind: 'ramping' }>, concurrent: number): DestinationState {
  const places = state.places * 2;
  if (places < concurrent) return { ...state, places };
  const { since: until, downSince } = state;
  return downSince === undefined ? { kind: 'closed' } : { kind: 'closed', wasDown: { since: downSince, until } };
}
