import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLoginThrottle } from '../../../src/server/webservice/login-throttle.ts';

function throttleAt(limits = { failures: 2, windowMs: 1_000, remembered: 2 }) {
  const clock = { at: 0, now: () => clock.at };
  return { clock, throttle: createLoginThrottle(clock, limits) };
}

test('after the allowed failures a pair waits until the window is over', () => {
  const { clock, throttle } = throttleAt();
  throttle.failed('19x1', 'a');
  assert.equal(throttle.waitMs('19x1', 'a'), 0);
  clock.at = 100;
  throttle.failed('19x1', 'a');
  assert.equal(throttle.waitMs('19x1', 'a'), 900);
  assert.equal(throttle.waitMs('19x1', 'b'), 0);
  assert.equal(throttle.waitMs('19x2', 'a'), 0);
  clock.at = 1_000;
  assert.equal(throttle.waitMs('19x1', 'a'), 0);
  throttle.failed('19x1', 'a');
  assert.equal(throttle.waitMs('19x1', 'a'), 0);
});

test('a success clears the count', () => {
  const { throttle } = throttleAt();
  throttle.failed('19x1', 'a');
  throttle.succeeded('19x1', 'a');
  throttle.failed('19x1', 'a');
  assert.equal(throttle.waitMs('19x1', 'a'), 0);
});

test('only so many pairs are remembered; the oldest goes first', () => {
  const { throttle } = throttleAt({ failures: 1, windowMs: 1_000, remembered: 2 });
  for (const address of ['a', 'b', 'c']) throttle.failed('19x1', address);
  assert.deepEqual(
    ['a', 'b', 'c'].map((address) => throttle.waitMs('19x1', address) > 0),
    [false, true, true],
  );
});
