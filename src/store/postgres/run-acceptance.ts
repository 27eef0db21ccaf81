import type { RunId } from '../../core/run.ts';
import type { UnitOfWork } from '../../core/unit-of-work.ts';
import type { Session } from './database.ts';
import type { FirstTrueMarks } from './first-true-marks.ts';
import { firedLock } from './queued-unit.ts';
import type { OfferedRun, QueuedUnit } from './queued-unit.ts';
import { rowSet } from './row-set.ts';
import type { LaneMember, Lanes } from './run-lanes.ts';

/** An accepted run; its id is set when all runs of the batch are known. */
export interface Acceptance extends LaneMember {
  readonly offer: OfferedRun;
  readonly undecided: boolean;
  readonly at: number;
  /** The run before it in its lane. */
  readonly behind: LaneMember | undefined;
  /** True when the mark of its trigger, which fires once, becomes its own. */
  readonly takesMark: boolean;
}

/** Decides which of the offered runs are accepted. */
export class RunAcceptance {
  readonly #lanes: Lanes;
  readonly #marks: FirstTrueMarks;
  /** What roots have started, by `firedLock`. */
  readonly #fired: Set<string>;

  constructor(parts: { readonly lanes: Lanes; readonly marks: FirstTrueMarks; readonly fired: ReadonlySet<string> }) {
    this.#lanes = parts.lanes;
    this.#marks = parts.marks;
    this.#fired = new Set(parts.fired);
  }

  /** One for each of the unit's runs; undefined for one left out, because its workflow was started before. */
  decide({ offered, unit }: QueuedUnit): (Acceptance | undefined)[] {
    return offered.map((offer) => this.#accept(offer, unit));
  }

  #accept(offer: OfferedRun, { at }: UnitOfWork): Acceptance | undefined {
    const { run } = offer;
    const mark = run.trigger.once === true ? this.#marks.state(run) : undefined;
    if (mark === 'fired') return undefined;
    const fired = firedLock(run);
    if (fired !== undefined && this.#fired.has(fired)) return undefined;
    if (fired !== undefined) this.#fired.add(fired);
    const undecided = run.undecided || mark === 'undecided';
    const member: LaneMember = { id: 0 };
    const behind = this.#lanes.join(run.lane, member);
    const acceptance = Object.assign(member, { offer, undecided, at, behind, takesMark: mark === 'free' });
    if (mark === 'free') this.#marks.set(run, acceptance);
    return acceptance;
  }
}

/** What the roots of these runs have started for these records, by `firedLock`. */
export async function readFired(session: Session, offered: readonly OfferedRun[]): Promise<ReadonlySet<string>> {
  const rows = offered.flatMap(({ run }) => {
    const { rootRun: root, recordId, workflow } = run;
    const key = firedLock(run);
    return root === undefined || key === undefined ? [] : [{ root, record: recordId ?? null, workflow, key }];
  });
  if (rows.length === 0) return new Set();
  const found = await session.all<{ key: string }>(FIRED, asked.values(rows));
  return new Set(found.map(({ key }) => key));
}

/** Gives the accepted runs their ids, in order. The lanes they go into are locked: so the order of a lane is that of its ids. */
export async function numberRuns(session: Session, accepted: readonly Acceptance[]): Promise<void> {
  if (accepted.length === 0) return;
  const rows = await session.all<{ id: RunId }>(NUMBERS, [accepted.length]);
  for (const [index, { id }] of rows.entries()) {
    const acceptance = accepted[index];
    if (acceptance !== undefined) acceptance.id = id;
  }
}

/** Stores the accepted runs with their triggers. */
export async function insertRuns(session: Session, accepted: readonly Acceptance[]): Promise<void> {
  if (accepted.length > 0) await session.run(INSERT, inserted.values(accepted.map(rowOf)));
}

function rowOf({ id, offer, undecided, at, behind }: Acceptance) {
  const { run, trigger } = offer;
  return {
    id,
    workflow: run.workflow,
    revision: run.revision,
    module: run.module ?? null,
    record: run.recordId ?? null,
    lane: run.lane,
    pass: Number(run.passWhenWaiting),
    undecided: Number(undecided),
    root: run.rootRun ?? null,
    depth: run.depth,
    initiator: run.initiator,
    at,
    behind: behind?.id ?? null,
    trigger,
  };
}

const asked = rowSet({ root: 'bigint', record: 'text', workflow: 'text', key: 'text' });
// A run counts as fired by its root, and the root itself as its own first.
const SAME = 'runs.workflow = given.workflow AND runs.record_id IS NOT DISTINCT FROM given.record';
const FIRED = `SELECT key FROM ${asked.source} WHERE EXISTS (SELECT 1 FROM runs WHERE root_run = given.root AND ${SAME})
    OR EXISTS (SELECT 1 FROM runs WHERE id = given.root AND ${SAME})`;

const NUMBERS = `SELECT nextval('runs_id_seq') AS id FROM generate_series(1, $1::bigint) ORDER BY 1`;

const inserted = rowSet({
  id: 'bigint',
  workflow: 'text',
  revision: 'bigint',
  module: 'text',
  record: 'text',
  lane: 'text',
  pass: 'bigint',
  undecided: 'bigint',
  root: 'bigint',
  depth: 'bigint',
  initiator: 'text',
  at: 'bigint',
  behind: 'bigint',
  trigger: 'text',
});
const INSERT = `WITH given AS (SELECT * FROM ${inserted.source}),
  kept AS (INSERT INTO run_triggers (run, trigger) SELECT id, trigger FROM given)
  INSERT INTO runs (id, workflow, revision, module, record_id, lane, pass_when_waiting, undecided, root_run, depth,
    initiator, status, wait_for, wait_since, blocked_by, due_at, epoch, handled, progress, accepted_at, cancel_told)
  SELECT id, workflow, revision, module, record, lane, pass, undecided, root, depth, initiator, 'pending',
    CASE WHEN behind IS NOT NULL THEN 'lane' END, CASE WHEN behind IS NOT NULL THEN at END, behind,
    CASE WHEN behind IS NULL THEN at END, 0, 0, '{}', at, 0
  FROM given`;
