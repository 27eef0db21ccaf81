import type { JsonObject } from '../../core/json.ts';
import type { Failure, RunId } from '../../core/run.ts';
import type { Attempt, Step, StepIntent, StepOutcome, StepPurpose, StepStatus } from '../../core/step.ts';
import type { SqliteDatabase } from './database.ts';
import { invalidUnit, isConstraintFailure } from './sqlite-failure.ts';

interface StepRow {
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
}

interface AttemptRow {
  readonly step: number;
  readonly number: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly request: string | null;
  readonly answer: string | null;
  readonly failure: string | null;
}

/** The steps of runs and their tries. Writes belong inside a unit of the group commit. */
export class StepLog {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase) {
    this.#sql = prepare(db);
  }

  /** Stores that a try begins: of a new step, or of one that is there. Throws STORE_UNIT_INVALID when it does not fit. */
  begin(run: RunId, intent: StepIntent, at: number): void {
    this.#beginStep(run, intent, at);
    try {
      this.#sql.insertAttempt.run(run, intent.number, intent.attempt, at, stored(intent.request));
    } catch (thrown) {
      if (isConstraintFailure(thrown)) throw misfit(run, intent.number, `has a try ${intent.attempt} already`);
      throw thrown;
    }
  }

  /** Stores what came of a step's open try. Effects and warnings of earlier tries stay. */
  end(run: RunId, outcome: StepOutcome, at: number): void {
    if (outcome.intent !== undefined) {
      if (outcome.status === 'skipped') this.#beginStep(run, outcome.intent, at);
      else this.begin(run, outcome.intent, at);
    }
    const { changes } = this.#sql.endStep.run({
      run,
      number: outcome.number,
      status: outcome.status,
      endedAt: outcome.status === 'waiting' ? null : at,
      effects: storedList(outcome.effects),
      warnings: storedList(outcome.warnings),
      failure: stored(outcome.failure),
    });
    if (changes === 0) throw misfit(run, outcome.number, 'has not begun, or has ended');
    this.#sql.endAttempt.run(at, stored(outcome.answer), stored(outcome.failure), run, outcome.number);
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

  #beginStep(run: RunId, intent: StepIntent, at: number): void {
    const { number, task, purpose, round, attempt } = intent;
    const frozen = stored(intent.frozen);
    if (attempt > 1) {
      if (this.#sql.beginAgain.run(frozen, run, number).changes === 0)
        throw misfit(run, number, 'has had no first try');
      return;
    }
    try {
      this.#sql.insertStep.run({ run, number, task, purpose, round, at, frozen });
    } catch (thrown) {
      if (isConstraintFailure(thrown)) throw misfit(run, number, 'has begun before');
      throw thrown;
    }
  }
}

function misfit(run: RunId, step: number, what: string): Error {
  return invalidUnit(`Step ${step} of run ${run} ${what}.`);
}

function stored(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function storedList(values: readonly unknown[]): string | null {
  return values.length === 0 ? null : JSON.stringify(values);
}

function stepOf(run: RunId, row: StepRow, attempts: readonly AttemptRow[]): Step {
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
    attempts: attempts.map(attemptOf),
  };
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

interface EndedStep extends Pick<StepRow, 'number' | 'status' | 'endedAt' | 'effects' | 'warnings' | 'failure'> {
  readonly run: RunId;
}

interface InsertedStep extends Pick<StepRow, 'number' | 'task' | 'purpose' | 'round' | 'frozen'> {
  readonly run: RunId;
  readonly at: number;
}

function prepare(db: SqliteDatabase) {
  const step = `SELECT number, task, purpose, round, status, started_at AS startedAt, ended_at AS endedAt, frozen, effects,
    warnings, failure FROM steps`;
  const attempt = `SELECT step, number, started_at AS startedAt, ended_at AS endedAt, request, answer, failure
    FROM attempts`;
  // Two stored JSON lists, neither of them empty, become one by joining their texts.
  const appended = (column: string) =>
    `${column} = CASE WHEN @${column} IS NULL THEN ${column} WHEN ${column} IS NULL THEN @${column}
       ELSE substr(${column}, 1, length(${column}) - 1) || ',' || substr(@${column}, 2) END`;
  return {
    insertStep: db.prepare<InsertedStep>(
      `INSERT INTO steps (run, number, task, purpose, round, status, started_at, frozen)
       VALUES (@run, @number, @task, @purpose, @round, 'running', @at, @frozen)`,
    ),
    beginAgain: db.prepare<[string | null, number, number]>(
      `UPDATE steps SET status = 'running', ended_at = NULL, failure = NULL, frozen = coalesce(?, frozen)
       WHERE run = ? AND number = ?`,
    ),
    endStep: db.prepare<EndedStep>(
      `UPDATE steps SET status = @status, ended_at = @endedAt, failure = @failure, ${appended('effects')},
         ${appended('warnings')} WHERE run = @run AND number = @number AND ended_at IS NULL`,
    ),
    insertAttempt: db.prepare<[number, number, number, number, string | null]>(
      'INSERT INTO attempts (run, step, number, started_at, request) VALUES (?, ?, ?, ?, ?)',
    ),
    endAttempt: db.prepare<[number, string | null, string | null, number, number]>(
      `UPDATE attempts SET ended_at = ?, answer = ?, failure = ? WHERE run = ? AND step = ? AND ended_at IS NULL`,
    ),
    steps: db.prepare<[number], StepRow>(`${step} WHERE run = ? ORDER BY number`),
    openStep: db.prepare<[number], StepRow>(
      `${step} WHERE run = ? AND status = 'running' ORDER BY number DESC LIMIT 1`,
    ),
    attempts: db.prepare<[number], AttemptRow>(`${attempt} WHERE run = ? ORDER BY step, number`),
    attemptsOfStep: db.prepare<[number, number], AttemptRow>(`${attempt} WHERE run = ? AND step = ? ORDER BY number`),
  };
}
