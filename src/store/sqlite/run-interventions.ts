import type { Intervention } from '../../core/journal.ts';
import type { RunId } from '../../core/run.ts';
import { encodeContext } from '../context-encoding.ts';
import { endedCountsOf } from '../ended-counts.ts';
import { tellsItem } from '../job-item-outcome.ts';
import type { BusinessKeys } from './business-keys.ts';
import type { SqliteDatabase } from './database.ts';
import type { FirstTrueMarks } from './first-true-marks.ts';
import type { Inbox } from './inbox.ts';
import type { InboxJobs } from './inbox-jobs.ts';
import type { RunContexts } from './run-contexts.ts';
import type { RunCounts } from './run-counts.ts';
import type { RunLanes } from './run-lanes.ts';
import { NOT_HELD } from '../hold-text.ts';
import { actionOf, dueAsBefore, isReplaceable, isResting, mayBeOrdered, TOUCHED_COLUMNS } from '../touched-run.ts';
import type { TouchedRun } from '../touched-run.ts';

type Command<K extends Intervention['kind']> = Extract<Intervention, { kind: K }>;

interface Parts {
  readonly db: SqliteDatabase;
  readonly lanes: RunLanes;
  readonly marks: FirstTrueMarks;
  readonly contexts: RunContexts;
  readonly keys: BusinessKeys;
  readonly inbox: Inbox;
  readonly jobs: InboxJobs;
  readonly counts: RunCounts;
}

/** What people do to runs. Every command is written to the audit, with whether it took effect. */
export class RunInterventions {
  readonly #parts: Parts;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#sql = prepare(parts.db);
  }

  /** To be called inside a unit of the group commit. */
  intervene(command: Intervention): boolean {
    const { jobs } = this.#parts;
    const { run: id, job } = command;
    if (job !== undefined && !jobs.isOpen(job, id, command.kind === 'withdraw' ? 'applied' : 'pending')) return false;
    const run = this.#sql.touched.get(id);
    const tookEffect = run !== undefined && this.#act(run, command);
    this.#sql.audit.run({
      at: command.at,
      by: command.by,
      action: actionOf(command),
      run: id,
      reason: command.reason ?? null,
      tookEffect: Number(tookEffect),
      origin: command.origin ?? null,
      before: command.before === undefined ? null : JSON.stringify(command.before),
      after: command.after === undefined ? null : JSON.stringify(command.after),
    });
    if (job !== undefined) jobs.settle({ job, run: id, at: command.at, ...tellsItem(command, tookEffect) });
    return tookEffect;
  }

  /** The name under which somebody last acted on the run with effect. */
  lastActor(run: RunId): string | undefined {
    return this.#sql.lastActor.get(run)?.by;
  }

  #act(run: TouchedRun, command: Intervention): boolean {
    if (command.kind === 'mark') return this.#parts.inbox.mark(command, command.mark);
    if (command.kind === 'restart') return this.#restart(run, command);
    if (run.ended === 1) return false;
    if (command.kind === 'cancel') return this.#cancel(run, command);
    if (command.kind === 'retry') return this.#retry(run, command);
    return this.#redirect(run, command);
  }

  #retry(run: TouchedRun, command: Command<'retry'>): boolean {
    if (!mayBeOrdered(run)) return false;
    this.#sql.letGo.run(command.at, command.run);
    this.#parts.inbox.resolve(command, 'retry');
    return true;
  }

  #redirect(run: TouchedRun, command: Command<'order' | 'withdraw'>): boolean {
    if (!isResting(run, command.epoch)) return false;
    const { run: id, context, revision, progress } = command;
    const dueAt = command.kind === 'order' ? command.dueAt : dueAsBefore(run, command.at);
    this.#sql.redirect.run(JSON.stringify(progress), revision, dueAt, id);
    if (context !== undefined) this.#parts.contexts.write(id, encodeContext(context));
    if (command.kind === 'order') this.#parts.inbox.resolve(command, command.action);
    else this.#parts.inbox.reopen(command, command.state);
    return true;
  }

  /** The run in its place is accepted first: it goes to the end of the lane that this one gives up. */
  #restart(run: TouchedRun, command: Command<'restart'>): boolean {
    const { lanes, contexts, keys, inbox } = this.#parts;
    const { run: id, successor, dueAt, at } = command;
    if (!isReplaceable(run, command.epoch)) return false;
    if (this.#sql.restarted.get(id) !== undefined) return false;
    const entry = lanes.accept(successor, at);
    if (entry === undefined) return false;
    if (entry.claimable) this.#sql.makeDue.run(dueAt, entry.id);
    if (successor.context !== undefined) contexts.write(entry.id, encodeContext(successor.context));
    if (successor.keys !== undefined) keys.write(entry.id, successor.keys);
    this.#sql.link.run(entry.id, id);
    if (run.ended === 0) {
      const reason = `started again as run ${entry.id}`;
      this.#cancel(run, { kind: 'cancel', run: id, at, by: command.by, reason }, dueAt);
    }
    inbox.resolve(command, 'restart');
    return true;
  }

  #cancel(run: TouchedRun, command: Command<'cancel'>, dueAt: number = command.at): boolean {
    if (run.cancelRequested !== null) return false;
    const { lanes, marks, inbox, counts } = this.#parts;
    const { run: id, at, reason } = command;
    this.#sql.requestCancel.run(reason, id);
    if (run.started === 0) {
      this.#sql.endCanceled.run(at, id);
      counts.add(endedCountsOf([{ status: 'canceled', handled: 0 }]));
      // Nobody knows whether its trigger held: a later change may start the workflow.
      if (run.undecided === 1) marks.giveBack(id);
      if (run.blockedBy === null) lanes.passOn(run.lane, id, at);
      else lanes.stepOut(id, run.blockedBy);
    } else if (run.held === 0 && run.blockedBy === null) {
      this.#sql.makeDue.run(dueAt, id);
    }
    inbox.resolve(command, 'cancel');
    return true;
  }
}

function prepare(db: SqliteDatabase) {
  return {
    touched: db.prepare<[number], TouchedRun>(`SELECT ${TOUCHED_COLUMNS} FROM runs WHERE id = ?`),
    makeDue: db.prepare<[number, number]>('UPDATE runs SET due_at = ? WHERE id = ?'),
    letGo: db.prepare<[number, number]>(
      `UPDATE runs SET due_at = iif(blocked_by IS NULL, ?, NULL), ${NOT_HELD} WHERE id = ?`,
    ),
    // A new epoch, so that whoever decided on the run as it was comes too late.
    redirect: db.prepare<[string, number, number | null, number]>(
      `UPDATE runs SET progress = ?, revision = ?, due_at = iif(blocked_by IS NULL, ?, NULL), epoch = epoch + 1, ${NOT_HELD}
       WHERE id = ?`,
    ),
    requestCancel: db.prepare<[string, number]>(
      `UPDATE runs SET cancel_requested = ?, cancel_told = 0, ${NOT_HELD} WHERE id = ?`,
    ),
    endCanceled: db.prepare<[number, number]>(
      `UPDATE runs SET status = 'canceled', ended_at = ?, due_at = NULL, blocked_by = NULL, wait_for = NULL,
         wait_since = NULL
       WHERE id = ?`,
    ),
    restarted: db.prepare<[number], unknown>('SELECT 1 FROM restarts WHERE origin = ?'),
    link: db.prepare<[number, number]>('INSERT INTO restarts (run, origin) VALUES (?, ?)'),
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
      origin: string | null;
      before: string | null;
      after: string | null;
    }>(
      `INSERT INTO audit (at, by, action, run, reason, took_effect, origin, before, after)
       VALUES (@at, @by, @action, @run, @reason, @tookEffect, @origin, @before, @after)`,
    ),
  };
}
