import type { RunWait } from './run.ts';

/** The `key` of the wait of a run that is held because its database was restored. */
export const HELD_AFTER_RESTORE = 'restore';

/** What the inbox says of such runs. */
export const RESTORED_CODE = 'RUN_RESTORED';

/** True for the wait of a run that is held because its database was restored, wherever it stands in its lane. */
export function isHeld(wait: RunWait | undefined): boolean {
  return wait?.for === 'person' && wait.key === HELD_AFTER_RESTORE;
}

/** Numbers that were given, and must not be given to anything else. */
export interface GivenNumbers {
  /** Record numbers below this one. */
  readonly recordsBelow: number;
  /** The last number of each table that counts its rows. */
  readonly rows: Readonly<Record<string, number>>;
}

/** What was held. */
export interface HeldWork {
  readonly runs: number;
  /** Commands on many runs that were stopped. */
  readonly jobs: number;
  readonly schedules: number;
}

/** What has to be done to a database of the past before work goes on in it. */
export interface Recovery {
  /**
   * In one commit. New records, runs and other rows get numbers that are at least `ahead` higher than any given here or in
   * `given`: other systems know things under the numbers that were given after the backup, and would take new ones for
   * those. With `hold`, every unfinished run waits for a person, in the inbox as RUN_RESTORED, runs that are to be canceled
   * aside; commands on many runs are stopped; and no slot of a schedule until `at` fires any more.
   */
  afterRestore(params: {
    readonly at: number;
    readonly ahead: number;
    readonly given?: GivenNumbers;
    readonly hold: boolean;
  }): Promise<HeldWork>;
}
