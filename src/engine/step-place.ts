import type { DestinationRules, Place } from '../core/destination.ts';
import { commitFinally } from './commit.ts';
import type { RunState } from './run-state.ts';

const PLACE_WAIT_MS = 250;

/**
 * A place at a destination; `waits` after the run was put to wait for one. What would only close a session is not worth
 * waiting for while the destination is not called at all: then it is told why.
 */
export async function acquirePlace(
  state: RunState,
  params: { readonly task: string; readonly rules: DestinationRules; readonly isCleanup: boolean },
): Promise<Place | 'waits' | { readonly notCalled: string }> {
  const { engine, lease, progress } = state;
  const { task, rules, isCleanup } = params;
  const { key } = rules;
  const waited = lease.run.wait?.for === 'limit' ? lease.run.wait : undefined;
  const goesFirst = progress.reachedAt > 0 || waited !== undefined;
  const entry = await engine.gate.enter({ rules, caller: `run ${lease.run.id}`, waitMs: PLACE_WAIT_MS, goesFirst });
  if (entry.kind === 'place') return entry.place;
  if (isCleanup && (entry.because === 'down' || entry.because === 'held')) return { notCalled: entry.why };
  // Who comes back too early keeps the place in the order.
  const since = waited?.key === key ? waited.since : engine.clock.now();
  const reason = `${task}: ${entry.why}`;
  await commitFinally(state, { kind: 'wait', wait: { for: 'limit', reason, since, until: entry.until, key } });
  engine.gate.parked(key);
  return 'waits';
}
