import type { AttemptBound, AttemptStore } from '../../core/attempts.ts';
import type { Clock } from '../../core/clock.ts';

/** How often logins may fail within `windowMs`, from the first failure on. */
export interface LoginThrottleLimits {
  readonly windowMs: number;
  /** Of one user from one address. */
  readonly pair: number;
  /** Of one address, whoever it says it is. */
  readonly address: number;
  /**
   * Of one user from addresses where this user has not logged in lately; undefined: any number. Where the user has, nothing
   * that others do elsewhere counts: nobody can be locked out on purpose.
   */
  readonly user?: number;
}

/** A login that is being tried. */
export interface LoginAttempt {
  /** Milliseconds until it may be tried; 0: now, and it counts as failed until the contrary is told. */
  readonly waitMs: number;
  succeeded(): Promise<void>;
  /** It turned out to be neither right nor wrong: it does not count. */
  withdrawn(): Promise<void>;
}

/** Bounds how often passwords and keys may be guessed, over all nodes together. */
export interface LoginThrottle {
  /** Counts a try before it is made, so that many at once are not more than one after another. */
  begin(user: string, address: string): Promise<LoginAttempt>;
}

/** An address where a user has logged in is known as one of theirs for so long. */
const KNOWN_FOR_MS = 30 * 24 * 3_600_000;

/** @param params.name Tells logins of one kind from those of others. */
export function createLoginThrottle(params: {
  readonly attempts: AttemptStore;
  readonly clock: Clock;
  readonly name: string;
  readonly limits: LoginThrottleLimits;
}): LoginThrottle {
  const { attempts, clock, name, limits } = params;
  const keyOf = (...words: string[]): string => JSON.stringify([name, ...words]);
  return {
    async begin(user, address) {
      const pair = keyOf('pair', user, address);
      const shared = [keyOf('address', address), keyOf('user', user)] as const;
      const known = keyOf('known', user, address);
      const { windowMs } = limits;
      const bounds: AttemptBound[] = [
        { key: pair, most: limits.pair, windowMs },
        { key: shared[0], most: limits.address, windowMs },
        ...(limits.user === undefined ? [] : [{ key: shared[1], most: limits.user, windowMs, unless: known }]),
      ];
      const waitMs = await attempts.take(bounds, clock.now());
      const counted = bounds.map(({ key }) => key);
      return {
        waitMs,
        async succeeded() {
          await attempts.clear([pair, known]);
          // Who knows one password must not wipe out what they tried with the names of others.
          await attempts.giveBack(counted.filter((key) => key !== pair));
          if (limits.user !== undefined) {
            await attempts.add([{ key: known, count: 1, windowMs: KNOWN_FOR_MS }], clock.now());
          }
        },
        withdrawn: () => attempts.giveBack(counted),
      };
    },
  };
}
