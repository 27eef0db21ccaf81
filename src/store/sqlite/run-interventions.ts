import type { Intervention } from '../../core/journal.ts';
import type { RunId } from '../../core/run.ts';
import type { SqliteDatabase } from './database.ts';
import type { FirstTrueMarks } from './first-true-marks.ts';
import type { RunLanes } from './run-lanes.ts';

interface UnfinishedRun {
  readonly lane: string;
  readonly started: number;
  readonly undecided: number;
  readonly held: number;
  readonly waitFor: string | null;
  readonly blockedBy: number | null;
  readonly cancelRequested: string | null;
}

/** What people do to runs. Every command is written to the audit, with whether it took effect. */
export class RunInterventions {
  readonly #lanes: RunLanes;
  readonly #marks: FirstTrueMarks;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase, lanes: RunLanes, marks: FirstTrueMarks) {
    this.#lanes = lanes;
    this.#marks = marks;
    this.#sql = prepare(db);
  }

  /** To be called inside a unit of the group commit. */
  intervene(command: Intervention): boolean {
    const run = this.#sql.unfinished.get(command.run);
    const tookEffect = run !== undefined && this.#act(run, command);
    this.#sql.audit.run({
      at: command.at,
      by: command.by,
      action: command.kind,
      run: command.run,
      reason: command.kind === 'cancel' ? command.reason : null,
      tookEffect: Number(tookEffect),
    });
    return tookEffect;
  }

  /** The name under which somebody last acted on the run with effect. */
  lastActor(run: RunId): string | undefined {
    return this.#sql.lastActor.get(run)?.by;
  }

  #act(run: UnfinishedRun, command: Intervention): boolean {
    return command.kind === 'cancel' ? this.#cancel(run, command) : this.#retry(run, command.run, command.at);
  }

  #retry(run: UnfinishedRun, id: RunId, at: number): boolean {
    if (run.waitFor === null || run.blockedBy !== null) return false;
    this.#sql.makeDue.run(at, id);
    return true;
  }

  #cancel(run: UnfinishedRun, { run: id, at, reason }: Extract<Intervention, { kind: 'cancel' }>): boolean {
    if (run.cancelRequested !== null) return false;
    this.#sql.requestCancel.run(reason, id);
    if (run.started === 0) {
      this.#sql.endCanceled.run(at, id);
      // Nobody knows whether its trigger held: a later change may start the workflow.
      if (run.undecided === 1) this.#marks.giveBack(id);
      if (run.blockedBy === null) this.#lanes.passOn(run.lane, id, at);
      else this.#lanes.stepOut(id, run.blockedBy);
    } else if (run.held === 0 && run.blockedBy === null) {
      this.#sql.makeDue.run(at, id);
    }
    return true;
  }
}

function prepare(db: SqliteDatabase) {
  return {
    unfinished: db.prepare<[number], UnfinishedRun>(
      `SELECT lane, started_at IS NOT NULL AS started, undecided, lease_owner IS NOT NULL AS held, wait_for AS waitFor,
         blocked_by AS blockedBy, cancel_requested AS cancelRequested
       FROM runs WHERE id = ? AND ended_at IS NULL`,
    ),
    makeDue: db.prepare<[number, number]>('UPDATE runs SET due_at = ? WHERE id = ?'),
    requestCancel: db.prepare<[string, number]>('UPDATE runs SET cancel_requested = ?, cancel_told = 0 WHERE id = ?'),
    endCanceled: db.prepare<[number, number]>(
      `UPDATE runs SET status = 'canceled', ended_at = ?, due_at = NULL, blocked_by = NULL, wait_for = NULL,
         wait_since = NULL
       WHERE id = ?`,
    ),
    lastActor: db.prepare<[number], { by: string }>(
      'SELECT by FROM audit WHERE run = ? AND took_effect = 1 ORDER BY sequence DESC LIMIT 1',
    ),
    audit: db.prepare<{
      at: number;
      by: string;
      action: string;
      run: number;
      reason: string | null;
      tookEffect: number;
    }>(
      `INSERT INTO audit (at, by, action, run, reason, took_effect)
       VALUES (@at, @by, @action, @run, @reason, @tookEffect)`,
    ),
  };
}
