import type { Intervention } from '../core/journal.ts';
import { HELD_AFTER_RESTORE } from '../core/recovery.ts';

/** What a command of a person has to know of its run. */
export interface TouchedRun {
  readonly lane: string;
  readonly status: string;
  readonly ended: number;
  readonly started: number;
  readonly undecided: number;
  readonly held: number;
  readonly epoch: number;
  readonly waitFor: string | null;
  readonly waitUntil: number | null;
  readonly waitKey: string | null;
  readonly blockedBy: number | null;
  readonly cancelRequested: string | null;
}

/** Its columns, of `runs`; `held` and the like are 0 or 1. */
export const TOUCHED_COLUMNS = `lane, status, CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END AS ended,
    CASE WHEN started_at IS NULL THEN 0 ELSE 1 END AS started, undecided,
    CASE WHEN lease_owner IS NULL THEN 0 ELSE 1 END AS held, epoch, wait_for AS "waitFor", wait_until AS "waitUntil",
    wait_key AS "waitKey",    blocked_by AS "blockedBy", cancel_requested AS "cancelRequested"`;

/** True while the run waits and nobody works on it, as it did when this was decided. */
export function isResting(run: TouchedRun, epoch: number): boolean {
  const { ended, held, cancelRequested } = run;
  return ended === 0 && held === 0 && mayBeOrdered(run) && cancelRequested === null && run.epoch === epoch;
}

/** True when the run waits for something that a person can say: its turn is nothing of the kind. */
export function mayBeOrdered({ waitFor, waitKey, blockedBy }: TouchedRun): boolean {
  if (blockedBy === null) return waitFor !== null;
  return waitFor === 'person' && waitKey === HELD_AFTER_RESTORE;
}

/** True when another run can be started in the place of this one. */
export function isReplaceable(run: TouchedRun, epoch: number): boolean {
  if (run.ended === 1) return run.epoch === epoch && run.status !== 'completed';
  return isResting(run, epoch) && run.started === 1;
}

/** When a run whose order is taken back is due: as it was before. */
export function dueAsBefore({ waitFor, waitUntil }: TouchedRun, at: number): number | null {
  return waitFor === 'person' ? null : (waitUntil ?? at);
}

/** What a command is called in the audit. */
export function actionOf(command: Intervention): string {
  return 'action' in command ? command.action : command.kind;
}
