import { setTimeout } from 'node:timers/promises';
import type { Settlement, SettleResult } from '../core/journal.ts';
import { UnwrittenError } from '../core/unwritten.ts';
import type { RunState } from './run-state.ts';

/** Between two tries. */
const PAUSE_MS = 500;

/**
 * Commits what a run has done, as soon as the database takes changes: what the other side has answered is in no other place
 * than here, and given up it would be asked for again. Rejects with STORE_UNAVAILABLE when the run is lost or the process
 * stops meanwhile, and at once when nobody can tell whether it was written.
 */
export async function settlePatiently(
  { engine, lease, signal }: Pick<RunState, 'engine' | 'lease' | 'signal'>,
  settlement: Settlement,
): Promise<SettleResult> {
  for (;;) {
    try {
      return await engine.journal.settle(lease, settlement);
    } catch (thrown) {
      if (!(thrown instanceof UnwrittenError)) throw thrown;
      // Ended early when the run is given up.
      await setTimeout(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw thrown;
    }
  }
}
