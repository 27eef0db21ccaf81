import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRateLimit, type RateLimit } from '../../../src/server/api/rate-limit.ts';
import { createMemoryAttempts } from '../../../src/server/throttle/memory-attempts.ts';
import type { AttemptStore } from '../../../src/core/attempts.ts';

const MINUTE = 60_000;

function isLetIn(limit: RateLimit, perMinute: number): boolean {
  try {
    limit.count('user anna', perMinute);
    return true;
  } catch {
    return false;
  }
}

const allowed = (limit: RateLimit, tries: number, perMinute: number): number =>
  Array.from({ length: tries }, () => isLetIn(limit, perMinute)).filter(Boolean).length;

describe('the number of requests in a minute', () => {
  it('is one for all nodes, as soon as they have told each other', async () => {
    const clock = { at: 0, now: () => clock.at };
    const attempts = createMemoryAttempts();
    const [one, two] = [createRateLimit(clock, attempts), createRateLimit(clock, attempts)];
    assert.equal(allowed(one, 8, 10), 8);
    await one.tell();
    clock.at = 30_000;
    assert.equal(allowed(two, 1, 10), 1);
    await two.tell();
    assert.equal(allowed(two, 9, 10), 1, 'eight were elsewhere');
    assert.equal(allowed(two, 1, 10), 0);
    await two.tell();
    assert.equal(allowed(one, 9, 10), 2, 'what another node counted since is learnt with the next telling');
    await one.tell();
    assert.equal(allowed(one, 1, 10), 0);
    clock.at = MINUTE;
    assert.equal(allowed(one, 11, 10), 10);
  });

  it('is kept by each node alone while the database is away', async () => {
    const clock = { now: () => 0 };
    let isAway = true;
    const counts = createMemoryAttempts();
    const attempts: AttemptStore = {
      ...counts,
      add: (counted, now) => (isAway ? Promise.reject(new Error('away')) : counts.add(counted, now)),
    };
    const limit = createRateLimit(clock, attempts);
    assert.equal(allowed(limit, 4, 5), 4);
    await limit.tell();
    assert.equal(allowed(limit, 4, 5), 1);
    isAway = false;
    await limit.tell();
    assert.deepEqual(await counts.add([{ key: 'rate user anna', count: 0, windowMs: 1 }], 0), [
      { count: 5, until: MINUTE },
    ]);
  });
});
