import type { RunId } from '../../core/run.ts';
import type { Step, StepStatus } from '../../core/step.ts';
import type { SqliteDatabase } from './database.ts';
import type { EncodedIntent, EncodedOutcome } from '../settlement-encoding.ts';
import { invalidUnit } from '../invalid-unit.ts';
import { SELECT_ATTEMPT, SELECT_STEP, stepOf } from '../step-row.ts';
import type { AttemptRow, StepRow } from '../step-row.ts';
import { isConstraintFailure } from './sqlite-failure.ts';

/** The steps of runs and their tries. Writes belong inside a unit of the group commit. */
export class StepLog {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase) {
    this.#sql = prepare(db);
  }

  /** Stores that a try begins: of a new step, or of one that is there. Throws STORE_UNIT_INVALID when it does not fit. */
  begin(run: RunId, intent: EncodedIntent, at: number): void {
    if (intent.attempt > 1) this.#beginAgain(run, intent, at);
    else this.#insert(run, intent, { status: 'running', at, endedAt: null, attempt: 1 });
  }

  /** Stores what came of a step's open try. Effects and warnings of earlier tries stay. */
  end(run: RunId, outcome: EncodedOutcome, at: number): void {
    const { intent, number, status } = outcome;
    if (intent !== undefined && intent.attempt === 1) return this.#insertEnded(run, intent, outcome, at);
    if (intent !== undefined) this.begin(run, intent, at);
    const { changes } = this.#sql.endStep.run({
      run,
      number,
      status,
      at,
      endedAt: status === 'waiting' ? null : at,
      effects: outcome.effects,
      warnings: outcome.warnings,
      failure: outcome.failure,
      answer: outcome.answer,
      forgetsRequest: outcome.forgetsRequest,
    });
    if (changes === 0) throw misfit(run, number, 'has not begun, or has ended');
  }

  /** In order, each with its tries. */
  of(run: RunId): Step[] {
    const attempts = Map.groupBy(this.#sql.attempts.all(run), (attempt) => attempt.step);
    return this.#sql.steps.all(run).map((row) => stepOf(run, row, attempts.get(row.number) ?? []));
  }

  /** The latest step that has begun and not ended. */
  openStep(run: RunId): Step | undefined {
    const row = this.#sql.openStep.get(run);
    return row === undefined ? undefined : stepOf(run, row, this.#sql.attemptsOfStep.all(run, row.number));
  }

  /** A step that is begun and ended at once is stored at once. */
  #insertEnded(run: RunId, intent: EncodedIntent, outcome: EncodedOutcome, at: number): void {
    const { status } = outcome;
    this.#insert(run, intent, {
      status,
      at,
      endedAt: status === 'waiting' ? null : at,
      attempt: status === 'skipped' ? null : 1,
      outcome,
    });
  }

  #insert(
    run: RunId,
    intent: EncodedIntent,
    begun: {
      readonly status: StepStatus;
      readonly at: number;
      readonly endedAt: number | null;
      readonly attempt: number | null;
      readonly outcome?: EncodedOutcome;
    },
  ): void {
    const { status, at, endedAt, attempt, outcome } = begun;
    const { number, task, purpose, round, frozen, request } = intent;
    const { effects = null, warnings = null, failure = null, answer = null } = outcome ?? {};
    const tryStartedAt = attempt === null ? null : at;
    const tryEndedAt = outcome === undefined ? null : tryStartedAt;
    const head = [run, number, task, purpose, round, status, at, endedAt, frozen] as const;
    const latestTry = [attempt, tryStartedAt, tryEndedAt, request, answer, failure] as const;
    try {
      this.#sql.insertStep.run(...head, effects, warnings, failure, ...latestTry);
    } catch (thrown) {
      if (isConstraintFailure(thrown)) throw misfit(run, number, 'has begun before');
      throw thrown;
    }
  }

  /** The latest try moves to the earlier ones and makes room for the new one. */
  #beginAgain(run: RunId, { number, attempt, frozen, request }: EncodedIntent, at: number): void {
    const latest = this.#sql.latestAttempt.get(run, number);
    if (latest === undefined) throw misfit(run, number, 'has had no first try');
    if (latest.attempt !== attempt - 1)
      throw misfit(run, number, `has had ${latest.attempt ?? 0} tries, not ${attempt - 1}`);
    this.#sql.keepAttempt.run(run, number);
    this.#sql.beginAgain.run({ run, number, frozen, attempt, at, request });
  }
}

function misfit(run: RunId, step: number, what: string): Error {
  return invalidUnit(`Step ${step} of run ${run} ${what}.`);
}

interface EndedStep extends Pick<StepRow, 'number' | 'status' | 'endedAt' | 'effects' | 'warnings' | 'failure'> {
  readonly run: RunId;
  readonly at: number;
  readonly answer: string | null;
  readonly forgetsRequest: number;
}

interface BegunAgain extends Pick<StepRow, 'number' | 'frozen' | 'request'> {
  readonly run: RunId;
  readonly attempt: number;
  readonly at: number;
}

type InsertedStep = [
  ...head: readonly [number, number, string, string, number, StepStatus, number, number | null, string | null],
  ...told: readonly [effects: string | null, warnings: string | null, failure: string | null],
  ...latestTry: readonly [number | null, number | null, number | null, string | null, string | null, string | null],
];

function prepare(db: SqliteDatabase) {
  // Two stored JSON lists, neither of them empty, become one by joining their texts.
  const appended = (column: string) =>
    `${column} = CASE WHEN @${column} IS NULL THEN ${column} WHEN ${column} IS NULL THEN @${column}
       ELSE substr(${column}, 1, length(${column}) - 1) || ',' || substr(@${column}, 2) END`;
  return {
    insertStep: db.prepare<InsertedStep>(
      `INSERT INTO steps (run, number, task, purpose, round, status, started_at, ended_at, frozen, effects, warnings,
         failure, attempt, attempt_started_at, attempt_ended_at, request, answer, attempt_failure)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    latestAttempt: db.prepare<[number, number], { attempt: number | null }>(
      'SELECT attempt FROM steps WHERE run = ? AND number = ?',
    ),
    keepAttempt: db.prepare<[number, number]>(
      `INSERT INTO attempts (run, step, number, started_at, ended_at, request, answer, failure)
       SELECT run, number, attempt, attempt_started_at, attempt_ended_at, request, answer, attempt_failure
       FROM steps WHERE run = ? AND number = ?`,
    ),
    beginAgain: db.prepare<BegunAgain>(
      `UPDATE steps SET status = 'running', ended_at = NULL, failure = NULL, frozen = coalesce(@frozen, frozen),
         attempt = @attempt, attempt_started_at = @at, attempt_ended_at = NULL, request = @request, answer = NULL,
         attempt_failure = NULL
       WHERE run = @run AND number = @number`,
    ),
    endStep: db.prepare<EndedStep>(
      `UPDATE steps SET status = @status, ended_at = @endedAt, failure = @failure, ${appended('effects')},
         ${appended('warnings')}, attempt_ended_at = coalesce(attempt_ended_at, @at),
         answer = iif(attempt_ended_at IS NULL, @answer, answer), request = iif(@forgetsRequest, NULL, request),
         attempt_failure = iif(attempt_ended_at IS NULL, @failure, attempt_failure)
       WHERE run = @run AND number = @number AND ended_at IS NULL`,
    ),
    steps: db.prepare<[number], StepRow>(`${SELECT_STEP} WHERE run = ? ORDER BY number`),
    openStep: db.prepare<[number], StepRow>(
      `${SELECT_STEP} WHERE run = +? AND status = 'running' ORDER BY number DESC LIMIT 1`,
    ),
    attempts: db.prepare<[number], AttemptRow>(`${SELECT_ATTEMPT} WHERE run = ? ORDER BY step, number`),
    attemptsOfStep: db.prepare<[number, number], AttemptRow>(
      `${SELECT_ATTEMPT} WHERE run = +? AND step = +? ORDER BY number`,
    ),
  };
}
