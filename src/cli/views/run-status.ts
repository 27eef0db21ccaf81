import type { Run } from '../../core/run.ts';
import { renderDuration } from '../duration.ts';

/**
 * What a run is doing or came to, with the reason: `waiting: behind run 3`, `waiting 4m 10s: create: CALL_REFUSED ...`,
 * `failed: CALL_TIMEOUT ...`.
 */
export function renderRunStatus(run: Run, now: number): string {
  if (run.wait !== undefined) return `waiting${renderUntil(run.wait.until, now)}: ${run.wait.reason}`;
  if (run.failure !== undefined) return `${runStatusWord(run)}: ${run.failure.code} ${run.failure.message}`;
  return runStatusWord(run);
}

/** How much longer it waits; nothing when only an event ends that. */
function renderUntil(until: number | undefined, now: number): string {
  return until === undefined ? '' : ` ${renderDuration(until - now)}`;
}

/** The status in one word or two; an end by an abort transition never reads as a clean success. */
export function runStatusWord(run: Run): string {
  if (run.wait !== undefined) return 'waiting';
  if (run.handled) return `${run.status} (handled error)`;
  return run.cancelRequested !== undefined && run.endedAt === undefined ? `${run.status} (being canceled)` : run.status;
}
