import type { Intervention } from '../../core/journal.ts';
import type { RunId } from '../../core/run.ts';
import { encodeContext } from '../context-encoding.ts';
import { endedCountsOf } from '../ended-counts.ts';
import { NOT_HELD } from '../hold-text.ts';
import { tellsItem } from '../job-item-outcome.ts';
import { actionOf, dueAsBefore, isReplaceable, isResting, mayBeOrdered, TOUCHED_COLUMNS } from '../touched-run.ts';
import type { TouchedRun } from '../touched-run.ts';
import type { Session } from './database.ts';
import { giveBackMarks } from './first-true-marks.ts';
import { markInbox, reopenInbox, resolveInbox } from './inbox.ts';
import { lockItem, settleItem } from './inbox-jobs.ts';
import { laneLock, markLock } from './queued-unit.ts';
import { storable } from './row-set.ts';
import { insertRuns, numberRuns } from './run-acceptance.ts';
import { writeContexts, writeKeys } from './run-contexts.ts';
import { addEndedCounts } from './run-counts.ts';
import { type LaneMember, Lanes, lockTexts } from './run-lanes.ts';

type Command<K extends Intervention['kind']> = Extract<Intervention, { kind: K }>;

/** Carries out a command in a transaction of its own; it is written to the audit, with whether it took effect. */
export async function intervene(session: Session, command: Intervention): Promise<boolean> {
  const { run: id, job } = command;
  const run = await lockRun(session, id);
  const wanted = command.kind === 'withdraw' ? 'applied' : 'pending';
  if (job !== undefined && !(await lockItem(session, job, id, wanted))) return false;
  const tookEffect = run !== undefined && (await act(session, run, command));
  await writeAudit(session, command, tookEffect);
  if (job !== undefined) await settleItem(session, { job, run: id, at: command.at, ...tellsItem(command, tookEffect) });
  return tookEffect;
}

/** The name under which somebody last acted on the run with effect. */
export async function lastActor(session: Session, run: RunId): Promise<string | undefined> {
  const [row] = await session.all<{ by: string }>(LAST_ACTOR, [run]);
  return row?.by;
}

/** The run with its lane, which never changes, and its mark: locked in the order in which everybody locks them. */
async function lockRun(session: Session, id: RunId): Promise<TouchedRun | undefined> {
  const [run] = await session.all<{ lane: string; workflow: string; recordId: string | null }>(NAMES, [id]);
  if (run === undefined) return undefined;
  await lockTexts(session, [...laneLock(run.lane), markLock({ ...run, recordId: run.recordId ?? undefined })]);
  const [row] = await session.all<TouchedRun>(TOUCHED, [id]);
  return row;
}

async function act(session: Session, run: TouchedRun, command: Intervention): Promise<boolean> {
  if (command.kind === 'mark') return markInbox(session, command, command.mark);
  if (command.kind === 'restart') return restart(session, run, command);
  if (run.ended === 1) return false;
  if (command.kind === 'cancel') return cancel(session, run, command);
  if (command.kind !== 'retry') return redirect(session, run, command);
  if (!mayBeOrdered(run)) return false;
  await session.run(LET_GO, [command.at, command.run]);
  await resolveInbox(session, command, 'retry');
  return true;
}

async function redirect(session: Session, run: TouchedRun, command: Command<'order' | 'withdraw'>): Promise<boolean> {
  if (!isResting(run, command.epoch)) return false;
  const { run: id, context, revision, progress } = command;
  const dueAt = command.kind === 'order' ? command.dueAt : dueAsBefore(run, command.at);
  await session.run(REDIRECT, [JSON.stringify(progress), revision, dueAt, id]);
  if (context !== undefined) await writeContexts(session, [{ run: id, context: encodeContext(context) }]);
  if (command.kind === 'order') await resolveInbox(session, command, command.action);
  else await reopenInbox(session, command, command.state);
  return true;
}

/** The run in its place goes to the end of the lane, which this one gives up when its always tasks have run. */
async function restart(session: Session, run: TouchedRun, command: Command<'restart'>): Promise<boolean> {
  const { run: id, successor, dueAt, at, by } = command;
  if (!isReplaceable(run, command.epoch)) return false;
  if ((await session.all('SELECT 1 FROM restarts WHERE origin = $1', [id])).length > 0) return false;
  const lanes = await Lanes.read(session, run.lane === '' ? [] : [run.lane]);
  const member: LaneMember = { id: 0 };
  const behind = lanes.join(successor.lane, member);
  const context = successor.context && encodeContext(successor.context);
  const offer = { run: successor, trigger: JSON.stringify(successor.trigger), context };
  const accepted = Object.assign(member, { offer, undecided: successor.undecided, at, behind, takesMark: false });
  await numberRuns(session, [accepted]);
  await insertRuns(session, [accepted]);
  if (behind === undefined) await session.run(MAKE_DUE, [dueAt, accepted.id]);
  if (context !== undefined) await writeContexts(session, [{ run: accepted.id, context }]);
  if (successor.keys !== undefined) await writeKeys(session, [{ run: accepted.id, keys: successor.keys }]);
  await session.run('INSERT INTO restarts (run, origin) VALUES ($1, $2)', [accepted.id, id]);
  const reason = `started again as run ${accepted.id}`;
  if (run.ended === 0) await cancel(session, run, { kind: 'cancel', run: id, at, by, reason }, dueAt);
  await resolveInbox(session, command, 'restart');
  return true;
}

async function cancel(
  session: Session,
  run: TouchedRun,
  command: Command<'cancel'>,
  dueAt: number = command.at,
): Promise<boolean> {
  if (run.cancelRequested !== null) return false;
  const { run: id, at, reason } = command;
  await session.run(REQUEST_CANCEL, [storable(reason), id]);
  if (run.started === 0) await end(session, run, { id, at });
  else if (run.held === 0 && run.blockedBy === null) await session.run(MAKE_DUE, [dueAt, id]);
  await resolveInbox(session, command, 'cancel');
  return true;
}

/** What has not begun has nothing to clean up after itself. */
async function end(session: Session, run: TouchedRun, { id, at }: { readonly id: RunId; readonly at: number }) {
  const lanes = await Lanes.read(session, run.lane === '' ? [] : [run.lane]);
  await session.run(END_CANCELED, [at, id]);
  await addEndedCounts(session, endedCountsOf([{ status: 'canceled', handled: 0 }]));
  // Nobody knows whether its trigger held: a later change may start the workflow.
  if (run.undecided === 1) await giveBackMarks(session, [{ id }]);
  if (run.blockedBy === null) lanes.leave(run.lane, id, at);
  else lanes.stepOut(id, run.blockedBy);
  await lanes.write(session);
}

async function writeAudit(session: Session, command: Intervention, tookEffect: boolean): Promise<void> {
  const { at, by, run, reason, origin, before, after } = command;
  const told = [reason, origin].map((text) => (text === undefined ? null : storable(text)));
  const changed = [before, after].map((value) => (value === undefined ? null : JSON.stringify(value)));
  await session.run(AUDIT, [at, storable(by), actionOf(command), run, Number(tookEffect), ...told, ...changed]);
}

const NAMES = 'SELECT lane, workflow, record_id AS "recordId" FROM runs WHERE id = $1';
const TOUCHED = `SELECT ${TOUCHED_COLUMNS} FROM runs WHERE id = $1 FOR NO KEY UPDATE`;
const MAKE_DUE = 'UPDATE runs SET due_at = $1 WHERE id = $2';
const LET_GO = `UPDATE runs SET due_at = CASE WHEN blocked_by IS NULL THEN $1::bigint END, ${NOT_HELD} WHERE id = $2`;
// A new epoch, so that whoever decided on the run as it was comes too late.
const REDIRECT = `UPDATE runs SET progress = $1, revision = $2, due_at = CASE WHEN blocked_by IS NULL THEN $3::bigint END,
    epoch = epoch + 1, ${NOT_HELD}
  WHERE id = $4`;
const REQUEST_CANCEL = `UPDATE runs SET cancel_requested = $1, cancel_told = 0, ${NOT_HELD} WHERE id = $2`;
const END_CANCELED = `UPDATE runs SET status = 'canceled', ended_at = $1, due_at = NULL, blocked_by = NULL,
    wait_for = NULL, wait_since = NULL
  WHERE id = $2`;
const LAST_ACTOR = 'SELECT by FROM audit WHERE run = $1 AND took_effect = 1 ORDER BY sequence DESC LIMIT 1';
const AUDIT = `INSERT INTO audit (at, by, action, run, took_effect, reason, origin, before, after)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;
