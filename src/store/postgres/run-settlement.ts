import type { RunWait } from '../../core/run.ts';
import type { RunId } from '../../core/run.ts';
import type { Session } from './database.ts';
import type { SettledRun } from './queued-unit.ts';
import { bigints, rowSet } from './row-set.ts';
import { together } from './together.ts';

/** How long a run waits for a place when its wait names no end: somebody must look again if the event is missed. */
const LONGEST_LIMIT_WAIT_MS = 60_000;

/** A run's row, locked: what a commit of the run has to know of it. */
export interface HeldRun {
  readonly id: RunId;
  readonly epoch: number;
  readonly owner: string | null;
  readonly cancelRequested: string | null;
  readonly cancelTold: number;
}

/** A commit of a run that takes place. */
export interface Settling extends SettledRun {
  readonly held: HeldRun;
}

/** Locks the rows of these runs until the end of the transaction. */
export async function lockRuns(session: Session, runs: readonly RunId[]): Promise<ReadonlyMap<RunId, HeldRun>> {
  if (runs.length === 0) return new Map();
  const rows = await session.all<HeldRun>(LOCK, [bigints(runs)]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** True when the lease still holds the run. */
export function isHeld({ lease }: SettledRun, row: HeldRun | undefined): row is HeldRun {
  return row !== undefined && row.epoch === lease.run.epoch && row.owner === lease.owner;
}

/** True when a person asked for the run to end and its holder has not been told yet. */
export function isCancelNew({ cancelRequested, cancelTold }: HeldRun): boolean {
  return cancelRequested !== null && cancelTold === 0;
}

/** Writes the rows of the runs themselves. */
export async function writeRuns(session: Session, runs: readonly Settling[]): Promise<void> {
  const { 'go-on': goingOn, end, wait } = Object.groupBy(runs, ({ settlement }) => settlement.then.kind);
  await together([
    goingOn && session.run(GO_ON, goneOn.values(goingOn.map(headOf))),
    end && session.run(END, ended.values(end.map(endOf))),
    wait && session.run(WAIT, waited.values(wait.map(waitOf))),
  ]);
}

function headOf({ held, settlement }: Settling) {
  return { id: held.id, progress: settlement.progress, told: Number(held.cancelRequested !== null) };
}

function endOf(run: Settling) {
  const { then, unit } = run.settlement;
  const { status, failure, handled } = then.kind === 'end' ? then : NO_END;
  return {
    ...headOf(run),
    status,
    failure: failure === undefined ? null : JSON.stringify(failure),
    handled: Number(handled),
    at: unit.at,
  };
}

function waitOf(run: Settling) {
  const { then, unit } = run.settlement;
  const wait = then.kind === 'wait' ? then.wait : NO_WAIT;
  return {
    ...headOf(run),
    waitFor: wait.for,
    reason: wait.reason,
    since: wait.since,
    until: wait.until ?? null,
    key: wait.key ?? null,
    // Nobody would see a request to cancel that came while the run was held, if it went to sleep now.
    due: isCancelNew(run.held) ? unit.at : dueAfter(wait, unit.at),
  };
}

const NO_END = { status: 'failed', failure: undefined, handled: false } as const;
const NO_WAIT: RunWait = { for: 'person', reason: '', since: 0 };

function dueAfter(wait: RunWait, at: number): number | null {
  if (wait.for === 'person') return null;
  return wait.until ?? at + LONGEST_LIMIT_WAIT_MS;
}

const LOCK = `SELECT id, epoch, lease_owner AS owner, cancel_requested AS "cancelRequested", cancel_told AS "cancelTold"
  FROM runs WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE`;

const goneOn = rowSet({ id: 'bigint', progress: 'text', told: 'bigint' });
const GO_ON = `UPDATE runs SET progress = given.progress, cancel_told = given.told
  FROM ${goneOn.source} WHERE runs.id = given.id`;

const ended = rowSet({
  id: 'bigint',
  progress: 'text',
  told: 'bigint',
  status: 'text',
  failure: 'text',
  handled: 'bigint',
  at: 'bigint',
});
const END = `UPDATE runs SET progress = given.progress, cancel_told = given.told, status = given.status,
    failure = given.failure, handled = given.handled, ended_at = given.at, due_at = NULL, lease_owner = NULL
  FROM ${ended.source} WHERE runs.id = given.id`;

const waited = rowSet({
  id: 'bigint',
  progress: 'text',
  told: 'bigint',
  waitFor: 'text',
  reason: 'text',
  since: 'bigint',
  until: 'bigint',
  key: 'text',
  due: 'bigint',
});
const WAIT = `UPDATE runs SET progress = given.progress, cancel_told = given.told, wait_for = given."waitFor",
    wait_reason = given.reason, wait_since = given.since, wait_until = given."until", wait_key = given.key,
    lease_owner = NULL, due_at = given.due
  FROM ${waited.source} WHERE runs.id = given.id`;
