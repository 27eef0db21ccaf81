import type { WorkerPulse } from '../../core/worker-pulse.ts';
import { type CheckResult, FINE } from './check-result.ts';

/** A worker asks the database every three seconds at the least. */
const SILENT_MS = 60_000;
/** So long it may fail before others should get the work. */
const UNANSWERED_MS = 15_000;

/**
 * Whether the worker still goes round. What fails because of the database is no reason to start the process again: that
 * would not mend the database, and would cut what is under way.
 */
export function checkWorkerAlive({ startedAt, isStopping, triedAt }: WorkerPulse, now: number): CheckResult {
  if (startedAt === undefined || isStopping) return FINE;
  const silentMs = now - Math.max(startedAt, triedAt ?? 0);
  if (silentMs <= SILENT_MS) return FINE;
  return { ok: false, reason: `the worker has asked for no runs for ${seconds(silentMs)} s` };
}

/** Whether the worker gets runs when there are some. */
export function checkWorkerClaims({ startedAt, isStopping, answeredAt }: WorkerPulse, now: number): CheckResult {
  if (startedAt === undefined) return { ok: false, reason: 'the worker has not started yet' };
  if (isStopping) return { ok: false, reason: 'the worker is stopping' };
  const unansweredMs = now - Math.max(startedAt, answeredAt ?? 0);
  if (unansweredMs <= UNANSWERED_MS) return FINE;
  const reason = `the database has not answered the worker for ${seconds(unansweredMs)} s`;
  return { ok: false, reason, code: 'STORE_UNAVAILABLE' };
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
