import type { AttemptStore } from '../../core/attempts.ts';
import type { Clock } from '../../core/clock.ts';
import { ApiRefusal } from './problem.ts';

const MINUTE_MS = 60_000;
/** Callers that are counted at once; the one that was counted first is forgotten. */
const REMEMBERED = 10_000;
/** How often nodes tell each other what they counted: a write for each request would cost more than the request. */
const TELL_EVERY_MS = 1_000;

/** Counts requests of callers. */
export interface RateLimit {
  /** Counts one more. Throws API_RATE when that is more than `perMinute` since the caller's minute began. */
  count(caller: string, perMinute: number): void;
  /** Tells the other nodes what was counted here, and learns what they counted. Never rejects. */
  tell(): Promise<void>;
}

interface CallerCount {
  until: number;
  /** Of all nodes, as far as this one knows. */
  requests: number;
  /** Those of them that this node has not told yet. */
  untold: number;
}

/**
 * A limit that counts in the memory of this process; with `attempts`, over all nodes together: they tell each other every
 * second, so a caller can be that late stopped, and no later.
 */
export function createRateLimit(clock: Clock, attempts?: AttemptStore): RateLimit {
  const counts = new Map<string, CallerCount>();
  let timer: NodeJS.Timeout | undefined;
  const tell = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    await tellOthers(counts, attempts, clock.now());
  };
  return {
    tell,
    count(caller, perMinute) {
      const now = clock.now();
      const known = counts.get(caller);
      const current = known !== undefined && known.until > now ? known : newCount(now);
      if (current !== known) {
        counts.delete(caller);
        counts.set(caller, current);
      }
      current.requests += 1;
      const [oldest] = counts.keys();
      if (counts.size > REMEMBERED && oldest !== undefined) counts.delete(oldest);
      if (current.requests > perMinute) throw tooMany(current.until - now, perMinute);
      current.untold += 1;
      if (attempts !== undefined) timer ??= setTimeout(() => void tell(), TELL_EVERY_MS).unref();
    },
  };
}

function newCount(now: number): CallerCount {
  return { until: now + MINUTE_MS, requests: 0, untold: 0 };
}

async function tellOthers(
  counts: ReadonlyMap<string, CallerCount>,
  attempts: AttemptStore | undefined,
  now: number,
): Promise<void> {
  const news = [...counts].filter(([, { untold, until }]) => untold > 0 && until > now);
  if (attempts === undefined || news.length === 0) return;
  const told = news.map(([caller, count]) => {
    const { untold, until } = count;
    count.untold = 0;
    return { key: `rate ${caller}`, count: untold, windowMs: until - now };
  });
  try {
    const standing = await attempts.add(told, now);
    for (const [index, [, count]] of news.entries()) {
      const all = standing[index];
      if (all === undefined) continue;
      // What was counted here meanwhile comes on top.
      count.requests = all.count + count.untold;
      count.until = all.until;
    }
  } catch {
    // Without the database each node keeps to the limit by itself.
    for (const [index, [, count]] of news.entries()) count.untold += told[index]?.count ?? 0;
  }
}

function tooMany(waitMs: number, perMinute: number): ApiRefusal {
  const seconds = String(Math.max(1, Math.ceil(waitMs / 1_000)));
  return new ApiRefusal(429, 'API_RATE', `more than ${perMinute} requests in a minute`, {
    hint: `try again in ${seconds} s`,
    retryable: true,
    headers: { 'Retry-After': seconds },
  });
}
