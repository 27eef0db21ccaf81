import type { InboxState } from '../../core/inbox.ts';
import type { InboxMark } from '../../core/journal.ts';
import type { RunId } from '../../core/run.ts';
import { inboxEntryOf } from '../inbox-entry.ts';
import type { Session } from './database.ts';
import { rowSet, storable } from './row-set.ts';
import { isCancelNew } from './run-settlement.ts';
import type { Settling } from './run-settlement.ts';

/** Who changes a row, and when. */
export interface InboxChange {
  readonly run: RunId;
  readonly by: string;
  readonly at: number;
}

/** The runs that have come to need a person, in one statement; those that came before have their rows opened again. */
export async function addToInbox(session: Session, runs: readonly Settling[]): Promise<void> {
  const rows = runs.flatMap(({ held, settlement: { then, unit } }) => {
    const entry = isCancelNew(held) && then.kind === 'wait' ? undefined : inboxEntryOf(then);
    if (entry === undefined) return [];
    const { task, inDoubt, ...told } = entry;
    return [{ run: held.id, ...told, task: task ?? null, inDoubt: Number(inDoubt), at: unit.at }];
  });
  if (rows.length > 0) await session.run(ADD, added.values(rows));
}

/** A person's command has dealt with the run. */
export async function resolveInbox(session: Session, { run, by, at }: InboxChange, resolution: string): Promise<void> {
  await session.run(RESOLVE, [at, storable(by), resolution, run]);
}

/** The row stands again as it did before it was resolved. */
export async function reopenInbox(session: Session, { run, by, at }: InboxChange, state: InboxState): Promise<void> {
  await session.run(REOPEN, [state, at, storable(by), run]);
}

/** False when there is no such row, or it is in another state. */
export async function markInbox(session: Session, change: InboxChange, mark: InboxMark): Promise<boolean> {
  const { from, state = null, owner, note } = mark;
  const texts = [owner ?? null, note ?? null].map((text) => (text === null ? null : storable(text)));
  const values = [change.run, storable(change.by), change.at, [...from], state, Number(owner !== undefined), ...texts];
  return (await session.run(MARK, values)) > 0;
}

const added = rowSet({
  run: 'bigint',
  kind: 'text',
  code: 'text',
  destination: 'text',
  task: 'text',
  message: 'text',
  inDoubt: 'bigint',
  at: 'bigint',
});
const ADD = `INSERT INTO inbox (run, state, kind, code, destination, workflow, module, record_id, task, message, in_doubt,
    since, times)
  SELECT given.run, 'open', given.kind, given.code, given.destination, runs.workflow, runs.module, runs.record_id,
    given.task, given.message, given."inDoubt", given.at, 1
  FROM ${added.source} JOIN runs ON runs.id = given.run
  ON CONFLICT (run) DO UPDATE SET state = 'open', kind = excluded.kind, code = excluded.code,
    destination = excluded.destination, task = excluded.task, message = excluded.message, in_doubt = excluded.in_doubt,
    since = excluded.since, times = inbox.times + 1, resolution = NULL`;
const RESOLVE = `UPDATE inbox SET state = 'resolved', changed_at = $1, changed_by = $2, resolution = $3 WHERE run = $4`;
const REOPEN = 'UPDATE inbox SET state = $1, changed_at = $2, changed_by = $3, resolution = NULL WHERE run = $4';
const MARK = `UPDATE inbox SET state = coalesce($5::text, state),
    resolution = CASE WHEN $5::text IS NULL THEN resolution WHEN $5::text = 'resolved' THEN 'done' END,
    owner = CASE WHEN $6::bigint = 1 THEN $7::text ELSE owner END, note = coalesce($8::text, note),
    changed_at = $3::bigint, changed_by = $2::text
  WHERE run = $1::bigint AND state = ANY($4::text[])`;
