import type { FaultProxy } from './fault-proxy.ts';
import { pauseUnless } from './interruptible-pause.ts';
import type { FaultAction } from './plan.ts';

/** A fault waits this long for a call that it can harm: A may be down itself. */
const PATIENCE_MS = 60_000;
const POLL_MS = 50;

/** Gives every fault its turn at its time, or as soon as the one before is over; ends at once when the signal is given. */
export async function takeTurns(params: {
  readonly proxy: FaultProxy;
  readonly faults: readonly FaultAction[];
  readonly startedAt: number;
  readonly signal: AbortSignal;
  /** Told of every turn. */
  readonly tell: (line: string) => void;
}): Promise<void> {
  const { proxy, faults, startedAt, signal, tell } = params;
  for (const action of faults) {
    await pauseUnless(signal, startedAt + action.atMs - performance.now());
    if (signal.aborted) return;
    const before = proxy.harmedBy(action.fault);
    await proxy.begin(action);
    await pauseUnless(signal, action.forMs);
    const giveUpAt = performance.now() + PATIENCE_MS;
    while (proxy.harmedBy(action.fault) === before && performance.now() < giveUpAt && !signal.aborted) {
      await pauseUnless(signal, POLL_MS);
    }
    const calls = proxy.harmedBy(action.fault) - before;
    tell(
      `${action.fault} for ${(action.forMs / 1_000).toFixed(1)} s${action.writesOnly ? ', writes only' : ''}: ${calls}`,
    );
    await proxy.heal();
  }
}
