import { countedAddress } from '../caller-address.ts';
import { createLoginThrottle, type LoginAttempt, type LoginThrottle } from '../throttle/login-throttle.ts';
import { createMemoryAttempts } from '../throttle/memory-attempts.ts';
import type { ApiParts } from './api-parts.ts';
import { ApiRefusal } from './problem.ts';

const LIMITS = { windowMs: 15 * 60_000, pair: 5, address: 30, user: 100 };

const throttles = new WeakMap<ApiParts, LoginThrottle>();

/** Begins a try to say a user's password. Rejects with API_LOGIN_THROTTLED. */
export async function beginLogin(parts: ApiParts, user: string, from: string): Promise<LoginAttempt> {
  const attempt = await throttleOf(parts).begin(user, countedAddress(from));
  if (attempt.waitMs === 0) return attempt;
  const seconds = String(Math.ceil(attempt.waitMs / 1_000));
  throw new ApiRefusal(429, 'API_LOGIN_THROTTLED', 'too many logins failed', {
    hint: `try again in ${seconds} s`,
    retryable: true,
    headers: { 'Retry-After': seconds },
  });
}

function throttleOf(parts: ApiParts): LoginThrottle {
  const known = throttles.get(parts);
  if (known !== undefined) return known;
  const { attempts = createMemoryAttempts(), clock } = parts;
  const made = createLoginThrottle({ attempts, clock, name: 'api', limits: LIMITS });
  throttles.set(parts, made);
  return made;
}
