import type { Clock } from '../../core/clock.ts';
import { ApiRefusal } from './problem.ts';

const MINUTE_MS = 60_000;
/** Callers that are counted at once; the one that was counted first is forgotten. */
const REMEMBERED = 10_000;

/** Counts requests of callers. */
export interface RateLimit {
  /** Counts one more. Throws API_RATE when that is more than `perMinute` since the caller's minute began. */
  count(caller: string, perMinute: number): void;
}

/** A limit that counts in the memory of this process. */
export function createRateLimit(clock: Clock): RateLimit {
  const counts = new Map<string, { readonly until: number; requests: number }>();
  return {
    count(caller, perMinute) {
      const now = clock.now();
      const known = counts.get(caller);
      const current = known !== undefined && known.until > now ? known : { until: now + MINUTE_MS, requests: 0 };
      if (current !== known) {
        counts.delete(caller);
        counts.set(caller, current);
      }
      current.requests += 1;
      const [oldest] = counts.keys();
      if (counts.size > REMEMBERED && oldest !== undefined) counts.delete(oldest);
      if (current.requests > perMinute) throw tooMany(current.until - now, perMinute);
    },
  };
}

function tooMany(waitMs: number, perMinute: number): ApiRefusal {
  const seconds = String(Math.max(1, Math.ceil(waitMs / 1_000)));
  return new ApiRefusal(429, 'API_RATE', `more than ${perMinute} requests in a minute`, {
    hint: `try again in ${seconds} s`,
    retryable: true,
    headers: { 'Retry-After': seconds },
  });
}
