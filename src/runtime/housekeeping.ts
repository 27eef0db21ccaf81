import type { Clock } from '../core/clock.ts';
import type { EngineEvent } from '../engine/engine.ts';
import type { Store } from '../store/store.ts';

/** Forgets in the background what nobody needs any more. */
export interface Housekeeping {
  stop(): void;
}

const EVERY_MS = 10 * 60_000;
/** Expired challenges are kept this long, so that a late login is told that its token expired. */
const CHALLENGES_KEPT_MS = 2 * 3_600_000;
const SESSIONS_KEPT_MS = 24 * 3_600_000;
/** What was sent is shown with its run for this long. */
const DELIVERIES_KEPT_MS = 30 * 24 * 3_600_000;
/** Expired messages are kept this long, so that a run which waited meanwhile sends none again and misses none. */
const MESSAGES_KEPT_MS = 30 * 24 * 3_600_000;

/** Answers of the API are given again to whoever repeats the request within this time; logins are over long before. */
const ANSWERS_KEPT_MS = 24 * 3_600_000;

/** Clears challenges, sessions, logins, messages and notices that can no longer be used, every ten minutes. */
export function startHousekeeping(parts: {
  readonly store: Pick<Store, 'identities' | 'access' | 'messages' | 'deliveries'>;
  readonly clock: Clock;
  readonly onEvent: (event: EngineEvent) => void;
}): Housekeeping {
  const clear = async (): Promise<void> => {
    const now = parts.clock.now();
    try {
      await parts.store.identities.forgetOlderThan({
        challengesBefore: now - CHALLENGES_KEPT_MS,
        sessionsBefore: now - SESSIONS_KEPT_MS,
      });
      await parts.store.access.forgetOlderThan({
        loginsBefore: now - ANSWERS_KEPT_MS,
        requestsBefore: now - ANSWERS_KEPT_MS,
      });
      await parts.store.messages.forgetExpired(now - MESSAGES_KEPT_MS);
      await parts.store.deliveries.forget(now - DELIVERIES_KEPT_MS);
    } catch (error) {
      parts.onEvent({ kind: 'fault', run: undefined, error });
    }
  };
  const timer = setInterval(() => void clear(), EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
