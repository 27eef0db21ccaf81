import type { Clock } from '../core/clock.ts';
import type { Dispatcher, WakeHint } from '../core/dispatcher.ts';
import type { RunId } from '../core/run.ts';

/** The longest delay a timer of Node can have; longer ones would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const MOST_TIMERS = 10_000;
const SWEEP_MS = 3000;

/** A dispatcher for one process: hints of one event-loop turn are given on together, later ones by timers. */
export function createLocalDispatcher(params: { readonly clock: Clock; readonly sweepMs?: number }): Dispatcher {
  return new LocalDispatcher(params.clock, params.sweepMs ?? SWEEP_MS);
}

class LocalDispatcher implements Dispatcher {
  readonly #clock: Clock;
  readonly #sweepMs: number;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #hinted = new Set<RunId>();
  #sweep: NodeJS.Timeout | undefined;
  #batch: NodeJS.Immediate | undefined;
  #onWake: ((runs: readonly RunId[]) => void) | undefined;

  constructor(clock: Clock, sweepMs: number) {
    this.#clock = clock;
    this.#sweepMs = sweepMs;
  }

  async start(onWake: (runs: readonly RunId[]) => void): Promise<void> {
    clearInterval(this.#sweep);
    this.#onWake = onWake;
    this.#sweep = setInterval(() => onWake([]), this.#sweepMs);
    this.#sweep.unref();
  }

  async kick(hints: readonly WakeHint[]): Promise<void> {
    if (this.#onWake === undefined) return;
    const now = this.#clock.now();
    for (const { run, at } of hints) {
      if (at === undefined || at <= now) this.#hint(run);
      else this.#hintLater(run, at - now);
    }
  }

  async stop(): Promise<void> {
    this.#onWake = undefined;
    clearInterval(this.#sweep);
    clearImmediate(this.#batch);
    this.#batch = undefined;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#hinted.clear();
  }

  #hint(run: RunId): void {
    this.#hinted.add(run);
    this.#batch ??= setImmediate(() => {
      const runs = [...this.#hinted];
      this.#batch = undefined;
      this.#hinted.clear();
      this.#onWake?.(runs);
    });
  }

  /** What gets no timer is found by the sweep. */
  #hintLater(run: RunId, delayMs: number): void {
    if (this.#timers.size >= MOST_TIMERS || delayMs >= LONGEST_TIMER_MS) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#hint(run);
      // A timer may fire up to a millisecond early by the clock, and the run would not be due yet.
    }, delayMs + 1);
    timer.unref();
    this.#timers.add(timer);
  }
}
