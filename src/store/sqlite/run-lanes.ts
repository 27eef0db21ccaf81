import type { AcceptedRun, RunId } from '../../core/run.ts';
import type { SqliteDatabase } from './database.ts';

/** An accepted run; `claimable` unless it waits behind another of its lane. */
export interface AcceptedEntry {
  readonly id: RunId;
  readonly claimable: boolean;
}

/**
 * Lanes. In each, at most one unfinished run holds the lane: it is due, held by a worker, or waits for anything without
 * `passWhenWaiting`. The others have `blocked_by` set and are not due. The lane named by the empty text is no lane.
 * Every method belongs inside a unit of the group commit.
 */
export class RunLanes {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase) {
    this.#sql = prepare(db);
  }

  /** Stores a run; undefined when its workflow was already started for the record by the same root. */
  accept(run: AcceptedRun, at: number): AcceptedEntry | undefined {
    if (this.#wasFired(run)) return undefined;
    const before = run.lane === '' ? undefined : this.#sql.lastInLane.get(run.lane)?.id;
    const { lastInsertRowid } = this.#sql.insert.run({
      workflow: run.workflow,
      revision: run.revision,
      module: run.module ?? null,
      recordId: run.recordId ?? null,
      lane: run.lane,
      passWhenWaiting: Number(run.passWhenWaiting),
      undecided: Number(run.undecided),
      rootRun: run.rootRun ?? null,
      depth: run.depth,
      initiator: run.initiator,
      waitFor: before === undefined ? null : 'lane',
      waitSince: before === undefined ? null : at,
      blockedBy: before ?? null,
      dueAt: before === undefined ? at : null,
      at,
    });
    const id = Number(lastInsertRowid);
    this.#sql.insertTrigger.run(id, JSON.stringify(run.trigger));
    return { id, claimable: before === undefined };
  }

  /** Makes the next run of the lane due, after `left` has let go of it. */
  passOn(lane: string, left: RunId, at: number): RunId | undefined {
    const next = lane === '' ? undefined : this.#sql.nextInLane.get(lane)?.id;
    if (next === undefined) return undefined;
    this.#sql.unblock.run(at, next);
    this.#sql.rehang.run(next, left);
    return next;
  }

  /** Lets those behind `left`, which never held the lane, wait for the run it was behind. */
  stepOut(left: RunId, blockedBy: RunId): void {
    this.#sql.rehang.run(blockedBy, left);
  }

  /** When another run holds the lane by now, puts this one, which had let it pass, behind that; true when it did. */
  queueBehindHolder(lane: string, run: RunId): boolean {
    const holder = lane === '' ? undefined : this.#sql.holder.get(lane, run)?.id;
    if (holder === undefined) return false;
    this.#sql.block.run(holder, run);
    return true;
  }

  /** A run counts as fired by its root, and the root itself as its own first. */
  #wasFired(run: AcceptedRun): boolean {
    if (run.rootRun === undefined) return false;
    const record = run.recordId ?? null;
    const { rootRun, workflow } = run;
    return this.#sql.fired.get({ rootRun, workflow, record }) !== undefined;
  }
}

interface InsertedRun {
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
  readonly waitFor: string | null;
  readonly waitSince: number | null;
  readonly blockedBy: number | null;
  readonly dueAt: number | null;
  readonly at: number;
}

function prepare(db: SqliteDatabase) {
  const letsPass = '(pass_when_waiting = 1 AND wait_for IS NOT NULL AND blocked_by IS NULL)';
  return {
    insert: db.prepare<InsertedRun>(
      `INSERT INTO runs (workflow, revision, module, record_id, lane, pass_when_waiting, undecided, root_run, depth,
         initiator, status, wait_for, wait_since, blocked_by, due_at, epoch, handled, progress, accepted_at, cancel_told)
       VALUES (@workflow, @revision, @module, @recordId, @lane, @passWhenWaiting, @undecided, @rootRun, @depth,
         @initiator, 'pending', @waitFor, @waitSince, @blockedBy, @dueAt, 0, 0, '{}', @at, 0)`,
    ),
    insertTrigger: db.prepare<[number, string]>('INSERT INTO run_triggers (run, trigger) VALUES (?, ?)'),
    fired: db.prepare<{ rootRun: number; workflow: string; record: string | null }>(
      `SELECT 1 FROM runs WHERE root_run = @rootRun AND record_id IS @record AND workflow = @workflow
       UNION ALL SELECT 1 FROM runs WHERE id = @rootRun AND record_id IS @record AND workflow = @workflow`,
    ),
    lastInLane: db.prepare<[string], { id: number }>(
      `SELECT id FROM runs WHERE lane = ? AND ended_at IS NULL AND NOT ${letsPass} ORDER BY id DESC LIMIT 1`,
    ),
    holder: db.prepare<[string, number], { id: number }>(
      `SELECT id FROM runs WHERE lane = ? AND ended_at IS NULL AND blocked_by IS NULL AND NOT ${letsPass} AND id <> ?
       LIMIT 1`,
    ),
    nextInLane: db.prepare<[string], { id: number }>(
      'SELECT id FROM runs WHERE lane = ? AND ended_at IS NULL AND blocked_by IS NOT NULL ORDER BY id LIMIT 1',
    ),
    // A run that waited for nothing but its turn waits for nothing now; any other keeps the wait it is claimed with.
    unblock: db.prepare<[number, number]>(
      `UPDATE runs SET blocked_by = NULL, due_at = ?, wait_since = iif(wait_for = 'lane', NULL, wait_since),
         wait_for = nullif(wait_for, 'lane') WHERE id = ?`,
    ),
    block: db.prepare<[number, number]>('UPDATE runs SET blocked_by = ?, due_at = NULL WHERE id = ?'),
    rehang: db.prepare<[number, number]>('UPDATE runs SET blocked_by = ? WHERE blocked_by = ?'),
  };
}
