import type { AcceptedRun, RunId, RunTrigger } from '../../core/run.ts';
import { IS_HELD } from '../hold-text.ts';
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
  #encoded: { readonly trigger: RunTrigger; readonly json: string } | undefined;

  constructor(db: SqliteDatabase) {
    this.#sql = prepare(db);
  }

  /** Stores a run; undefined when its workflow was already started for the record by the same root. */
  accept(run: AcceptedRun, at: number): AcceptedEntry | undefined {
    if (this.#wasFired(run)) return undefined;
    const before = run.lane === '' ? undefined : this.#sql.lastInLane.get(run.lane)?.id;
    const {
      workflow,
      revision,
      module = null,
      recordId = null,
      lane,
      passWhenWaiting,
      undecided,
      rootRun = null,
    } = run;
    const what = [workflow, revision, module, recordId, lane, Number(passWhenWaiting), Number(undecided)] as const;
    const whose = [rootRun, run.depth, run.initiator] as const;
    const turn: Turn = before === undefined ? [null, null, null, at] : ['lane', at, before, null];
    const id = Number(this.#sql.insert.run(...what, ...whose, ...turn, at).lastInsertRowid);
    this.#sql.insertTrigger.run(id, this.#encodeTrigger(run.trigger));
    return { id, claimable: before === undefined };
  }

  /** The runs of one save have one trigger among them, often a large one. */
  #encodeTrigger(trigger: RunTrigger): string {
    if (this.#encoded?.trigger !== trigger) this.#encoded = { trigger, json: JSON.stringify(trigger) };
    return this.#encoded.json;
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

type Turn = readonly [waitFor: string | null, waitSince: number | null, blockedBy: number | null, dueAt: number | null];

type InsertedRun = [
  ...what: readonly [
    workflow: string,
    revision: number,
    module: string | null,
    recordId: string | null,
    lane: string,
    passWhenWaiting: number,
    undecided: number,
  ],
  ...whose: readonly [rootRun: number | null, depth: number, initiator: string],
  ...turn: Turn,
  at: number,
];

function prepare(db: SqliteDatabase) {
  const letsPass = '(pass_when_waiting = 1 AND wait_for IS NOT NULL AND blocked_by IS NULL)';
  return {
    insert: db.prepare<InsertedRun>(
      `INSERT INTO runs (workflow, revision, module, record_id, lane, pass_when_waiting, undecided, root_run, depth,
         initiator, status, wait_for, wait_since, blocked_by, due_at, epoch, handled, progress, accepted_at, cancel_told)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?, 0, 0, '{}', ?, 0)`,
    ),
    insertTrigger: db.prepare<[number, string]>('INSERT INTO run_triggers (run, trigger) VALUES (?, ?)'),
    fired: db.prepare<{ rootRun: number; workflow: string; record: string | null }>(
      `SELECT 1 FROM runs WHERE root_run = @rootRun AND record_id IS @record AND workflow = @workflow
       UNION ALL SELECT 1 FROM runs WHERE id = @rootRun AND record_id IS @record AND workflow = @workflow`,
    ),
    lastInLane: db.prepare<[string], { id: number }>(
      `SELECT id FROM runs WHERE lane = +? AND ended_at IS NULL AND NOT ${letsPass} ORDER BY id DESC LIMIT 1`,
    ),
    holder: db.prepare<[string, number], { id: number }>(
      `SELECT id FROM runs WHERE lane = ? AND ended_at IS NULL AND blocked_by IS NULL AND NOT ${letsPass} AND id <> ?
       LIMIT 1`,
    ),
    nextInLane: db.prepare<[string], { id: number }>(
      'SELECT id FROM runs WHERE lane = +? AND ended_at IS NULL AND blocked_by IS NOT NULL ORDER BY id LIMIT 1',
    ),
    // A run that waited for nothing but its turn waits for nothing now; any other keeps the wait it is claimed with.
    unblock: db.prepare<[number, number]>(
      `UPDATE runs SET blocked_by = NULL, due_at = iif(${IS_HELD}, NULL, ?), wait_since = iif(wait_for = 'lane', NULL, wait_since),
         wait_for = nullif(wait_for, 'lane') WHERE id = ?`,
    ),
    block: db.prepare<[number, number]>('UPDATE runs SET blocked_by = ?, due_at = NULL WHERE id = ?'),
    rehang: db.prepare<[number, number]>('UPDATE runs SET blocked_by = ? WHERE blocked_by = ?'),
  };
}
