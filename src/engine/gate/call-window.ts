import type { CallRate } from '../../core/destination.ts';

/** When the calls of one period began: each counts against the rate until the period has passed since. */
export class CallWindow {
  /** Oldest first. */
  #starts: number[] = [];

  add(now: number): void {
    this.#starts.push(now);
  }

  /** Calls that count at the moment. */
  count(now: number, { periodMs }: CallRate): number {
    // A clock that was set back must not keep calls in the window for ever.
    if (this.#starts.some((at) => at > now)) this.#starts = this.#starts.map((at) => Math.min(at, now));
    const kept = this.#starts.findIndex((at) => at > now - periodMs);
    this.#starts = kept === -1 ? [] : this.#starts.slice(kept);
    return this.#starts.length;
  }

  /** When the first of them counts no longer; undefined when none does. */
  nextFree({ periodMs }: CallRate): number | undefined {
    const [first] = this.#starts;
    return first === undefined ? undefined : first + periodMs;
  }
}
