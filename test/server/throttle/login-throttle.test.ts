import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLoginThrottle, type LoginThrottle } from '../../../src/server/throttle/login-throttle.ts';
import { createMemoryAttempts } from '../../../src/server/throttle/memory-attempts.ts';

const LIMITS = { windowMs: 1_000, pair: 2, address: 4, user: 6 };

function throttleAt() {
  const clock = { at: 0, now: () => clock.at };
  return {
    clock,
    throttle: createLoginThrottle({ attempts: createMemoryAttempts(), clock, name: 'x', limits: LIMITS }),
  };
}

const fail = async (throttle: LoginThrottle, user: string, address: string): Promise<number> =>
  (await throttle.begin(user, address)).waitMs;

describe('failed logins', () => {
  it('make a user wait at that address, until the window is over', async () => {
    const { clock, throttle } = throttleAt();
    assert.deepEqual([await fail(throttle, 'u', 'a'), await fail(throttle, 'u', 'a')], [0, 0]);
    clock.at = 100;
    assert.equal(await fail(throttle, 'u', 'a'), 900);
    assert.deepEqual([await fail(throttle, 'u', 'b'), await fail(throttle, 'v', 'a')], [0, 0]);
    clock.at = 1_000;
    assert.equal(await fail(throttle, 'u', 'a'), 0);
  });

  it('make an address wait, whatever names it says', async () => {
    const { throttle } = throttleAt();
    for (const user of ['u', 'v', 'w', 'x']) assert.equal(await fail(throttle, user, 'a'), 0);
    assert.equal(await fail(throttle, 'y', 'a'), 1_000);
    assert.equal(await fail(throttle, 'y', 'b'), 0);
  });

  it('elsewhere lock nobody out of where they are used to log in', async () => {
    const { clock, throttle } = throttleAt();
    await (await throttle.begin('u', 'home')).succeeded();
    for (const address of ['a', 'a', 'b', 'b', 'c', 'c']) assert.equal(await fail(throttle, 'u', address), 0);
    assert.equal(await fail(throttle, 'u', 'd'), 1_000, 'guesses from ever new addresses are bounded');
    assert.equal(await fail(throttle, 'u', 'home'), 0);
    clock.at = 1_000;
    assert.equal(await fail(throttle, 'u', 'd'), 0);
  });

  it('count no more after a success, those of the address aside', async () => {
    const { throttle } = throttleAt();
    await fail(throttle, 'u', 'a');
    await (await throttle.begin('u', 'a')).succeeded();
    assert.deepEqual([await fail(throttle, 'u', 'a'), await fail(throttle, 'u', 'a')], [0, 0]);
    assert.equal(await fail(throttle, 'v', 'a'), 0);
    assert.equal(await fail(throttle, 'v', 'a'), 1_000, 'a password that is known wipes out no guesses of others');
  });

  it('that were neither right nor wrong do not count', async () => {
    const { throttle } = throttleAt();
    for (let tries = 0; tries < 9; tries++) await (await throttle.begin('u', 'a')).withdrawn();
    assert.equal(await fail(throttle, 'u', 'a'), 0);
  });
});
