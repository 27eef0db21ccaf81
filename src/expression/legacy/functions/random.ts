import { MapwrightError } from '../../../core/error.ts';
import type { LegacyRandom } from '../services.ts';
import { isTruthy, type LegacyValue, toLegacyText, toNumber } from '../value.ts';
import type { FunctionFamily } from './function.ts';

/** Values drawn from the step's seed: a repeated try of the step draws the same. */
export const RANDOM_FUNCTIONS: FunctionFamily = {
  randomstring: ([bytes = 10], { environment, guard }) => {
    const count = isTruthy(bytes) ? Math.trunc(toNumber(bytes)) : 10;
    if (!(count >= 1)) throw new MapwrightError('EXPRESSION_FAILED', 'randomstring needs a length of at least 1');
    guard.checkLength(count * 2);
    return hexDigits(environment.services.random, count * 2);
  },
  randomnumber: ([from, to], { environment }) => randomNumber(environment.services.random, from, to),
  uniqid: ([prefix = ''], { environment: { services } }) => {
    const seconds = Math.floor(services.clock.now() / 1000);
    // The original counts microseconds. The time stands still within a step, so they are drawn.
    const microseconds = wholeBelow(services.random, 1_000_000);
    return toLegacyText(prefix) + hexadecimal(seconds, 8) + hexadecimal(microseconds, 5);
  },
};

const GREATEST_RANDOM = 2 ** 31 - 1;

/** A whole number between two, both included, in either order; without them, between 0 and 2147483647. */
function randomNumber(random: LegacyRandom, from: LegacyValue | undefined, to: LegacyValue | undefined): number {
  const first = from === undefined ? 0 : Math.trunc(toNumber(from));
  const second = to === undefined ? GREATEST_RANDOM : Math.trunc(toNumber(to));
  return wholeBetween(random, Math.min(first, second), Math.max(first, second));
}

/** Small letters and digits, 0 to f. */
export function hexDigits(random: LegacyRandom, count: number): string {
  let text = '';
  while (text.length < count)
    text += wholeBelow(random, 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, count);
}

function hexadecimal(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** At least 0 and less than the limit. */
export function wholeBelow(random: LegacyRandom, limit: number): number {
  return Math.floor(random.next() * limit);
}

/** Both ends included. */
export function wholeBetween(random: LegacyRandom, from: number, to: number): number {
  return from + wholeBelow(random, to - from + 1);
}

/** One of them; they must be at least one. */
export function oneOf<T>(random: LegacyRandom, choices: readonly [T, ...T[]]): T {
  return choices[wholeBelow(random, choices.length)] ?? choices[0];
}
