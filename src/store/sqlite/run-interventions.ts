import type { Intervention } from '../../core/journal.ts';
import type { RunId } from '../../core/run.ts';
import type { SqliteDatabase } from './database.ts';
import type { RunLanes } from './run-lanes.ts';

interface UnfinishedRun {
  readonly lane: string;
  readonly started: number;
  readonly held: number;
  readonly waitFor: string | null;
  readonly blockedBy: number | null;
  readonly cancelRequested: string | null;
}

/** What people do to runs. Every command is written to the audit, with whether it took effect. */
export class RunInterventions {
  readonly #lanes: RunLanes;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase, lanes: RunLanes) {
    this.#lanes = lanes;
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
      `SELECT lane, started_at IS NOT NULL AS started, lease_owner IS NOT NULL AS held, wait_for AS waitFor,
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
