import type { Clock } from '../../core/clock.ts';

/** Bounds how often a user's login may fail from one address. */
export interface LoginThrottle {
  /** Milliseconds until the next try is allowed; 0 when it is now. */
  waitMs(user: string, address: string): number;
  failed(user: string, address: string): void;
  succeeded(user: string, address: string): void;
  /** Takes one failure back, and leaves the others. */
  takeBack(user: string, address: string): void;
}

/** How many failures are allowed from the first one on until `windowMs` later, and how many pairs are remembered. */
export interface LoginThrottleLimits {
  readonly failures: number;
  readonly windowMs: number;
  readonly remembered: number;
}

/** A throttle that keeps its counts in memory; when it is full the oldest count is forgotten. */
export function createLoginThrottle(clock: Clock, limits: LoginThrottleLimits): LoginThrottle {
  const counts = new Map<string, { readonly until: number; failures: number }>();
  const keyOf = (user: string, address: string) => `${address} ${user}`;
  const current = (key: string) => {
    const count = counts.get(key);
    if (count !== undefined && count.until <= clock.now()) counts.delete(key);
    return counts.get(key);
  };
  return {
    waitMs(user, address) {
      const count = current(keyOf(user, address));
      return count === undefined || count.failures < limits.failures ? 0 : count.until - clock.now();
    },
    failed(user, address) {
      const key = keyOf(user, address);
      const count = current(key) ?? { until: clock.now() + limits.windowMs, failures: 0 };
      count.failures++;
      counts.set(key, count);
      const [oldest] = counts.keys();
      if (counts.size > limits.remembered && oldest !== undefined) counts.delete(oldest);
    },
    succeeded(user, address) {
      counts.delete(keyOf(user, address));
    },
    takeBack(user, address) {
      const count = current(keyOf(user, address));
      if (count !== undefined) count.failures--;
    },
  };
}
