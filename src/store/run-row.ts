import { isHeld } from '../core/recovery.ts';
import type { Run, RunContext, RunStatus, RunWait } from '../core/run.ts';

/** What `selectRun` gives. */
export interface RunRow {
  readonly id: number;
  readonly workflow: string;
  readonly revision: number;
  readonly module: string | null;
  readonly recordId: string | null;
  readonly lane: string;
  readonly passWhenWaiting: number;
  readonly undecided: number;
  readonly rootRun: number | null;
  readonly depth: number;
  readonly initiator: string;
  readonly status: RunStatus;
  readonly waitFor: RunWait['for'] | null;
  readonly waitReason: string | null;
  readonly waitSince: number | null;
  readonly waitUntil: number | null;
  readonly waitKey: string | null;
  readonly blockedBy: number | null;
  readonly failure: string | null;
  readonly handled: number;
  readonly progress: string;
  readonly epoch: number;
  readonly acceptedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly cancelRequested: string | null;
  readonly trigger: string;
  readonly context: string | null;
  /** A JSON object. */
  readonly keys: string;
}

/**
 * Runs with their triggers and contexts, to be followed by WHERE.
 * @param keys the business keys of `runs.id` as the text of a JSON object
 */
export function selectRun(keys: string): string {
  return `SELECT id, workflow, revision, module, record_id AS "recordId", lane,
      pass_when_waiting AS "passWhenWaiting", undecided, root_run AS "rootRun", depth, initiator, status,
      wait_for AS "waitFor", wait_reason AS "waitReason", wait_since AS "waitSince", wait_until AS "waitUntil",
      wait_key AS "waitKey", blocked_by AS "blockedBy", failure, handled, progress, epoch, accepted_at AS "acceptedAt",
      started_at AS "startedAt", ended_at AS "endedAt", cancel_requested AS "cancelRequested", trigger, context,
      ${keys} AS keys
    FROM runs JOIN run_triggers ON run_triggers.run = runs.id LEFT JOIN run_contexts ON run_contexts.run = runs.id`;
}

/** The run of a row. `decode` reads a stored context. */
export function runOf(row: RunRow, decode: (json: string) => RunContext): Run {
  return {
    id: row.id,
    workflow: row.workflow,
    revision: row.revision,
    module: row.module ?? undefined,
    recordId: row.recordId ?? undefined,
    lane: row.lane,
    passWhenWaiting: row.passWhenWaiting === 1,
    trigger: JSON.parse(row.trigger),
    undecided: row.undecided === 1,
    rootRun: row.rootRun ?? row.id,
    depth: row.depth,
    initiator: row.initiator,
    status: row.status,
    wait: waitOf(row),
    failure: row.failure === null ? undefined : JSON.parse(row.failure),
    handled: row.handled === 1,
    progress: JSON.parse(row.progress),
    context: row.context === null ? {} : decode(row.context),
    keys: JSON.parse(row.keys),
    epoch: row.epoch,
    acceptedAt: row.acceptedAt,
    startedAt: row.startedAt ?? undefined,
    endedAt: row.endedAt ?? undefined,
    cancelRequested: row.cancelRequested ?? undefined,
  };
}

function waitOf(row: RunRow): RunWait | undefined {
  const wait = ownWaitOf(row);
  if (row.blockedBy !== null && !isHeld(wait)) {
    return {
      for: 'lane',
      reason: `behind run ${row.blockedBy} in the same lane`,
      since: row.waitSince ?? row.acceptedAt,
      key: String(row.blockedBy),
    };
  }
  return wait;
}

/** What it waits for besides its turn. */
function ownWaitOf(row: RunRow): RunWait | undefined {
  if (row.waitFor === null) return undefined;
  return {
    for: row.waitFor,
    reason: row.waitReason ?? '',
    since: row.waitSince ?? row.acceptedAt,
    ...(row.waitUntil === null ? {} : { until: row.waitUntil }),
    ...(row.waitKey === null ? {} : { key: row.waitKey }),
  };
}
