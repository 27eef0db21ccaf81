import type { Run } from '../../core/run.ts';

/** What a run is doing or came to, with the reason: `waiting: behind run 3`, `failed: CALL_TIMEOUT ...`. */
export function renderRunStatus(run: Run): string {
  if (run.wait !== undefined) return `waiting: ${run.wait.reason}`;
  if (run.failure !== undefined) return `${runStatusWord(run)}: ${run.failure.code} ${run.failure.message}`;
  return runStatusWord(run);
}

/** The status in one word or two; an end by an abort transition never reads as a clean success. */
export function runStatusWord(run: Run): string {
  if (run.wait !== undefined) return 'waiting';
  if (run.handled) return `${run.status} (handled error)`;
  return run.cancelRequested !== undefined && run.endedAt === undefined ? `${run.status} (being canceled)` : run.status;
}
