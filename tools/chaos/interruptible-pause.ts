import { setTimeout as pause } from 'node:timers/promises';

/** Resolves after this long, or at once when the signal is given: who calls looks at it anyway. */
export async function pauseUnless(signal: AbortSignal, ms: number): Promise<void> {
  if (ms > 0 && !signal.aborted) await pause(ms, undefined, { signal }).catch(() => undefined);
}
