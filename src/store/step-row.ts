import type { JsonObject } from '../core/json.ts';
import type { Failure, RunId } from '../core/run.ts';
import type { Attempt, Step, StepPurpose, StepStatus } from '../core/step.ts';

/** What `SELECT_STEP` gives: a step with its latest try. */
export interface StepRow {
  readonly number: number;
  readonly task: string;
  readonly purpose: StepPurpose;
  readonly round: number;
  readonly status: StepStatus;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly frozen: string | null;
  readonly effects: string | null;
  readonly warnings: string | null;
  readonly failure: string | null;
  readonly attempt: number | null;
  readonly attemptStartedAt: number;
  readonly attemptEndedAt: number | null;
  readonly request: string | null;
  readonly answer: string | null;
  readonly attemptFailure: string | null;
}

/** What `SELECT_ATTEMPT` gives: an earlier try of a step. */
export interface AttemptRow {
  readonly step: number;
  readonly number: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly request: string | null;
  readonly answer: string | null;
  readonly failure: string | null;
}

/** Steps, to be followed by WHERE. */
export const SELECT_STEP = `SELECT number, task, purpose, round, status, started_at AS "startedAt", ended_at AS "endedAt",
    frozen, effects, warnings, failure, attempt, attempt_started_at AS "attemptStartedAt",
    attempt_ended_at AS "attemptEndedAt", request, answer, attempt_failure AS "attemptFailure"
  FROM steps`;

/** Tries before the latest, to be followed by WHERE. */
export const SELECT_ATTEMPT = `SELECT step, number, started_at AS "startedAt", ended_at AS "endedAt", request, answer, failure
  FROM attempts`;

/** The step of a row. `earlier` are its tries before the latest, in order. */
export function stepOf(run: RunId, row: StepRow, earlier: readonly AttemptRow[]): Step {
  return {
    run,
    number: row.number,
    task: row.task,
    purpose: row.purpose,
    round: row.round,
    status: row.status,
    startedAt: row.startedAt,
    endedAt: row.endedAt ?? undefined,
    frozen: read<JsonObject>(row.frozen),
    effects: read<Step['effects']>(row.effects) ?? [],
    warnings: read<Step['warnings']>(row.warnings) ?? [],
    failure: read<Failure>(row.failure),
    attempts: [...earlier, ...latestAttempt(row)].map(attemptOf),
  };
}

function latestAttempt(row: StepRow): AttemptRow[] {
  if (row.attempt === null) return [];
  const { attemptStartedAt: startedAt, attemptEndedAt: endedAt, request, answer, attemptFailure: failure } = row;
  return [{ step: row.number, number: row.attempt, startedAt, endedAt, request, answer, failure }];
}

function attemptOf(row: AttemptRow): Attempt {
  return {
    number: row.number,
    startedAt: row.startedAt,
    endedAt: row.endedAt ?? undefined,
    request: read<NonNullable<Attempt['request']>>(row.request),
    answer: read<NonNullable<Attempt['answer']>>(row.answer),
    failure: read<Failure>(row.failure),
  };
}

function read<T>(json: string | null): T | undefined {
  return json === null ? undefined : JSON.parse(json);
}
