import { countedAddress } from '../caller-address.ts';
import { createLoginThrottle } from '../webservice/login-throttle.ts';
import type { ApiParts } from './api-parts.ts';
import { ApiRefusal } from './problem.ts';

const WINDOW_MS = 15 * 60_000;
/** Of one user from one address, of one address, and of one user from anywhere: the last one is high, so that nobody is locked out by others on purpose. */
const PAIR = { failures: 5, windowMs: WINDOW_MS, remembered: 10_000 };
const ADDRESS = { failures: 30, windowMs: WINDOW_MS, remembered: 10_000 };
const USER = { failures: 100, windowMs: WINDOW_MS, remembered: 10_000 };

/** Bounds how often passwords may be guessed. */
export interface LoginAttempts {
  /**
   * Counts a try as failed before it is made, so that many at once are not more than one after another.
   * Throws API_LOGIN_THROTTLED.
   */
  begin(user: string, address: string): { succeeded(): void };
}

const known = new WeakMap<ApiParts, LoginAttempts>();

/** The tries that were made against this install, on this node. */
export function loginThrottle(parts: ApiParts): LoginAttempts {
  const there = known.get(parts);
  if (there !== undefined) return there;
  const made = createLoginAttempts(parts);
  known.set(parts, made);
  return made;
}

function createLoginAttempts({ clock }: ApiParts): LoginAttempts {
  const pairs = createLoginThrottle(clock, PAIR);
  const addresses = createLoginThrottle(clock, ADDRESS);
  const users = createLoginThrottle(clock, USER);
  return {
    begin(user, from) {
      const address = countedAddress(from);
      const counts = [
        [pairs, user, address],
        [addresses, '', address],
        [users, user, ''],
      ] as const;
      const waitMs = Math.max(...counts.map(([count, who, where]) => count.waitMs(who, where)));
      if (waitMs > 0) throw throttled(waitMs);
      for (const [count, who, where] of counts) count.failed(who, where);
      return {
        succeeded() {
          pairs.succeeded(user, address);
          // Who knows one password must not wipe out what they tried with the names of others.
          addresses.takeBack('', address);
          users.takeBack(user, '');
        },
      };
    },
  };
}

function throttled(waitMs: number): ApiRefusal {
  const seconds = String(Math.ceil(waitMs / 1_000));
  return new ApiRefusal(429, 'API_LOGIN_THROTTLED', 'too many logins failed', {
    hint: `try again in ${seconds} s`,
    retryable: true,
    headers: { 'Retry-After': seconds },
  });
}
