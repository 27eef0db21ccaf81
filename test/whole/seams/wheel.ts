import type { Clock } from '../../../src/core/clock.ts';

/** A clock that goes on by itself and is set forward by hand, so that no test waits for one. */
export class Wheel implements Clock {
  #ahead = 0;

  now(): number {
    return Date.now() + this.#ahead;
  }

  turn(ms: number): void {
    this.#ahead += ms;
  }
}
