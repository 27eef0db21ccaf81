import type { RunOutcome, RunRule } from './retention.ts';
import type { RunId } from './run.ts';

/** Who removes, and until when nobody else does: every removal prolongs it, and is made only while it is held. */
export interface RetentionHold {
  readonly holder: string;
  readonly now: number;
  readonly leaseMs: number;
}

/** What goes by its age alone. */
export type AgedKind =
  | 'history'
  | 'audit'
  | 'run-audit'
  | 'job'
  | 'delivery'
  | 'dedup-key'
  | 'message'
  | 'challenge'
  | 'session'
  | 'login'
  | 'request';

export type RemovedKind = RunOutcome | AgedKind | 'text';

/** What was removed, and when. */
export interface RetentionFigures {
  /** When a round last began and ended; undefined when none has. */
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  /** Runs that have been kept long enough and are still there after the last round: something needs them, or there was no time. */
  readonly left: number;
  /** Since the install was made. */
  readonly removed: Readonly<Partial<Record<RemovedKind, number>>>;
}

/**
 * Removes what has been kept long enough, in small transactions. A run disappears as a whole in the transaction that
 * `take` makes; what belonged to it is cleared away by `clear`, which goes on where a killed process stopped.
 * Every method rejects with STORE_UNAVAILABLE when the database cannot be used.
 */
export interface RetentionStore {
  /** True when nobody else holds it now. */
  hold(hold: RetentionHold): Promise<boolean>;
  /** Ends a round, and lets others hold it at once. Nothing happens when it was lost meanwhile. */
  letGo(params: {
    readonly holder: string;
    readonly startedAt: number;
    readonly endedAt: number;
    readonly left: number;
  }): Promise<void>;
  figures(): Promise<RetentionFigures>;
  /** How many runs the rule is about, needed ones among them. */
  count(rule: RunRule): Promise<number>;
  /** The oldest of the newest `atMost` runs of an outcome; undefined when there are fewer. */
  oldestOf(params: {
    readonly outcome: RunOutcome;
    readonly except: readonly string[];
    readonly atMost: number;
  }): Promise<RunId | undefined>;
  /**
   * Runs that the rule is about and nobody needs, the oldest first. A run is needed while it is open in the inbox, while one
   * of its chain or the run started in its place has not ended.
   */
  candidates(params: {
    readonly rule: RunRule;
    readonly after: RunId;
    readonly limit: number;
  }): Promise<readonly RunId[]>;
  /** Takes those of the runs away that nobody needs; gives how many, undefined when the hold was lost. At most 200. */
  take(hold: RetentionHold, runs: readonly RunId[]): Promise<number | undefined>;
  /** Clears away at most so many rows of runs and jobs that were taken; 0 when there are none, undefined when the hold was lost. */
  clear(hold: RetentionHold, limit: number): Promise<number | undefined>;
  /** Removes at most so many that are older than that; gives how many, undefined when the hold was lost. */
  forget(
    hold: RetentionHold,
    params: { readonly kind: AgedKind; readonly before: number; readonly limit: number },
  ): Promise<number | undefined>;
}

/** Runs that are taken away at once: with what is counted and the rows of the inbox fewer than 500 rows. */
export const MOST_TAKEN = 200;
