import type { Clock } from '../core/clock.ts';
import type { IdentityStore } from '../core/identity-store.ts';
import type { EngineEvent } from '../engine/engine.ts';

/** Forgets in the background what nobody needs any more. */
export interface Housekeeping {
  stop(): void;
}

const EVERY_MS = 10 * 60_000;
/** Expired challenges are kept this long, so that a late login is told that its token expired. */
const CHALLENGES_KEPT_MS = 2 * 3_600_000;
const SESSIONS_KEPT_MS = 24 * 3_600_000;

/** Clears challenges and sessions that can no longer be used, every ten minutes. */
export function startHousekeeping(parts: {
  readonly identities: IdentityStore;
  readonly clock: Clock;
  readonly onEvent: (event: EngineEvent) => void;
}): Housekeeping {
  const clear = async (): Promise<void> => {
    const now = parts.clock.now();
    try {
      await parts.identities.forgetOlderThan({
        challengesBefore: now - CHALLENGES_KEPT_MS,
        sessionsBefore: now - SESSIONS_KEPT_MS,
      });
    } catch (error) {
      parts.onEvent({ kind: 'fault', run: undefined, error });
    }
  };
  const timer = setInterval(() => void clear(), EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
