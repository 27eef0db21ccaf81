import type { RunId } from './run.ts';

/** A hint that a run may be claimable, now or from `at` (milliseconds since the epoch) on. */
export interface WakeHint {
  readonly run: RunId;
  readonly at?: number;
}

/**
 * Wakes workers. Hints may be lost or doubled: the journal is the truth, and a sweep finds what a lost hint missed.
 * `onWake` gets the runs hinted at, or an empty list for a sweep; it must not throw.
 */
export interface Dispatcher {
  start(onWake: (runs: readonly RunId[]) => void): Promise<void>;
  kick(hints: readonly WakeHint[]): Promise<void>;
  /** No wake-ups after it resolves. */
  stop(): Promise<void>;
}
