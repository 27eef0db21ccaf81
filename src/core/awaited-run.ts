import type { RecordId } from './record.ts';
import type { RunId, RunStatus } from './run.ts';

/** A run to wait for, `waitMs` milliseconds at most. */
export interface WaitedRun {
  readonly id: RunId;
  readonly waitMs: number;
}

/** A run that somebody waited for, as it was when the waiting ended. */
export interface AwaitedRun {
  readonly id: RunId;
  readonly workflow: string;
  /** `waiting`: not ended, and waits for something. */
  readonly status: RunStatus | 'waiting';
  /** Why it did not complete. */
  readonly code?: string;
}

/** Waits for runs to end; resolves with what became of them so far. */
export type AwaitRuns = (runs: readonly WaitedRun[]) => Promise<readonly AwaitedRun[]>;

/** What a start came to. */
export interface StartReport {
  /** The runs, as they were when the waiting ended; `pending` when nobody waited. */
  readonly runs: readonly AwaitedRun[];
  /** Records for which the trigger's condition does not hold: nothing was started for them. */
  readonly skipped: readonly RecordId[];
  /** True when the same request was known: nothing was started this time. */
  readonly repeated: boolean;
}
