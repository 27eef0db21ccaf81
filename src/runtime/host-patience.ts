import { setTimeout as pause } from 'node:timers/promises';
import { MapwrightError, messageOf } from '../core/error.ts';

/** About half a minute in all. */
const PAUSES_MS = [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000, 5_000];

/** Calls the application's code again while it fails, because giving up would repeat a call that was answered. */
export interface HostPatience {
  /**
   * Rejects with RECORD_HOST_FAILED when the code has failed for too long, or this was stopped meanwhile; with its own
   * error when that is a MapwrightError that is not retryable.
   */
  insist<T>(what: string, act: () => Promise<T> | T): Promise<T>;
  /** From now on a failure is final. */
  stop(): void;
}

/** @param onTrouble told of the first failure of each call */
export function createHostPatience(onTrouble: (error: unknown) => void): HostPatience {
  const stopping = new AbortController();
  return {
    stop: () => stopping.abort(),
    async insist(what, act) {
      for (let tries = 0; ; tries++) {
        try {
          return await act();
        } catch (thrown) {
          if (thrown instanceof MapwrightError && !thrown.retryable) throw thrown;
          if (tries === 0) onTrouble(thrown);
          const waitMs = PAUSES_MS[tries];
          if (waitMs === undefined || stopping.signal.aborted) throw hostFailed(what, thrown, stopping.signal.aborted);
          await pause(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
        }
      }
    },
  };
}

/** @param isStopping the next start tries again by itself */
function hostFailed(what: string, cause: unknown, isStopping: boolean): MapwrightError {
  return new MapwrightError('RECORD_HOST_FAILED', `the application could not ${what}: ${messageOf(cause)}`, {
    retryable: isStopping,
    hint: 'see to the application and its database, then retry the run',
    cause,
  });
}
