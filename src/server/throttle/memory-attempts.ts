import type { AttemptCount, AttemptStore } from '../../core/attempts.ts';

/** Keys that are counted at once; the one that was counted first is forgotten. */
const REMEMBERED = 20_000;

/** Counts in the memory of this process: where there is no other that works on the install. */
export function createMemoryAttempts(remembered = REMEMBERED): AttemptStore {
  const counts = new Map<string, AttemptCount>();
  const standing = (key: string, now: number): AttemptCount | undefined => {
    const count = counts.get(key);
    if (count === undefined || count.until > now) return count;
    counts.delete(key);
    return undefined;
  };
  const add = (key: string, params: { count: number; windowMs: number; now: number }): AttemptCount => {
    const { count, windowMs, now } = params;
    const before = standing(key, now);
    const after = { count: (before?.count ?? 0) + count, until: before?.until ?? now + windowMs };
    counts.set(key, after);
    const [oldest] = counts.keys();
    if (counts.size > remembered && oldest !== undefined) counts.delete(oldest);
    return after;
  };
  return {
    async take(bounds, now) {
      const waits = bounds.map(({ key, most, unless }) => {
        const count = standing(key, now);
        if (count === undefined || count.count < most) return 0;
        return unless !== undefined && standing(unless, now) !== undefined ? 0 : count.until - now;
      });
      const waitMs = Math.max(0, ...waits);
      if (waitMs === 0) for (const { key, windowMs } of bounds) add(key, { count: 1, windowMs, now });
      return waitMs;
    },
    async giveBack(keys) {
      for (const key of keys) {
        const count = counts.get(key);
        if (count !== undefined) counts.set(key, { ...count, count: Math.max(0, count.count - 1) });
      }
    },
    async clear(keys) {
      for (const key of keys) counts.delete(key);
    },
    add: async (counted, now) => counted.map(({ key, ...rest }) => add(key, { ...rest, now })),
  };
}
