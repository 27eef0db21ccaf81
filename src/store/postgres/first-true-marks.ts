import type { AcceptedRun, Run, RunId } from '../../core/run.ts';
import type { Session } from './database.ts';
import { markLock } from './queued-unit.ts';
import { bigints, rowSet } from './row-set.ts';
import type { LaneMember } from './run-lanes.ts';
import { together } from './together.ts';

type MarkedPair = Pick<AcceptedRun, 'recordId' | 'workflow'>;

/**
 * Which workflow has been started for which record by a trigger that fires once. The mark belongs to the run that it was set
 * with. Whoever looks at a mark in order to change it has locked it (`markLock`) in an earlier statement.
 */
export class FirstTrueMarks {
  /** By `markLock`. */
  readonly #marks: Map<string, Mark>;
  readonly #set: { readonly pair: MarkedPair; readonly run: LaneMember }[] = [];

  private constructor(rows: readonly MarkRow[]) {
    this.#marks = new Map(rows.map(({ run, isOpen, ...of }) => [markLock(of), { holder: { id: run }, isOpen }]));
  }

  /** The marks of the given workflows and records. */
  static async read(session: Session, pairs: readonly MarkedPair[]): Promise<FirstTrueMarks> {
    return new FirstTrueMarks(
      pairs.length === 0 ? [] : await session.all<MarkRow>(MARKS, pair.values(pairs.map(rowOf))),
    );
  }

  /**
   * Whether a run may be accepted: `free` as there is no mark, `fired`, or `undecided` while it is open whether the run
   * that holds the mark fires. That one may turn out not to: the new run is then accepted to be judged after it.
   */
  state(run: AcceptedRun): 'free' | 'fired' | 'undecided' {
    const mark = this.#marks.get(markLock(run));
    if (mark === undefined) return 'free';
    return mark.isOpen ? 'undecided' : 'fired';
  }

  set(run: AcceptedRun, holder: LaneMember): void {
    this.#marks.set(markLock(run), { holder, isOpen: run.undecided });
    this.#set.push({ pair: run, run: holder });
  }

  /** The run has ended: when it holds a mark, that is open no more. */
  close(run: Pick<Run, 'id' | 'recordId' | 'workflow'>): void {
    const mark = this.#marks.get(markLock(run));
    if (mark?.holder.id === run.id) mark.isOpen = false;
  }

  /** Writes the marks that were set. */
  async write(session: Session): Promise<void> {
    if (this.#set.length === 0) return;
    const rows = this.#set.map(({ pair: one, run }) => ({ ...rowOf(one), run: run.id }));
    await session.run(INSERT, inserted.values(rows));
  }
}

/** True when the run holds the mark of a trigger that fires once. */
export async function holdsMark(session: Session, run: RunId): Promise<boolean> {
  return (await session.all(HOLDS, [run])).length > 0;
}

/** Hands the runs' marks, where they have one, to the next undecided run of the same workflow and record, or takes them away. */
export async function giveBackMarks(session: Session, runs: readonly Pick<Run, 'id'>[]): Promise<void> {
  if (runs.length === 0) return;
  const candidates = await session.all<Candidate>(CANDIDATES, [bigints(runs.map(({ id }) => id))]);
  const rows = runs.map(({ id }) => ({ run: id, next: candidates.find((one) => isNext(one, id))?.next ?? null }));
  await together([session.run(HAND_OVER, handedOver.values(rows)), session.run(REMOVE, handedOver.values(rows))]);
}

interface Mark {
  readonly holder: LaneMember;
  /** True while it is open whether the holder fires. */
  isOpen: boolean;
}

interface MarkRow {
  readonly recordId: string;
  readonly workflow: string;
  readonly run: RunId;
  readonly isOpen: boolean;
}

interface Candidate {
  readonly run: RunId;
  readonly next: RunId;
  readonly trigger: string;
}

/** Triggers are texts to the database: they may hold what its own JSON does not allow. */
function isNext({ run, trigger }: Candidate, left: RunId): boolean {
  return run === left && JSON.parse(trigger).once === true;
}

function rowOf({ recordId, workflow }: MarkedPair) {
  return { record: recordId ?? '', workflow };
}

const pair = rowSet({ record: 'text', workflow: 'text' });
const inserted = rowSet({ record: 'text', workflow: 'text', run: 'bigint' });
const handedOver = rowSet({ run: 'bigint', next: 'bigint' });

// A run that was accepted undecided has begun no step before its trigger was found to hold. One that has been removed since had
// ended.
const MARKS = `SELECT first_true.record_id AS "recordId", first_true.workflow, first_true.run,
    coalesce(runs.undecided = 1 AND runs.ended_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM steps WHERE steps.run = runs.id), false) AS "isOpen"
  FROM ${pair.source} JOIN first_true ON first_true.record_id = given.record AND first_true.workflow = given.workflow
    LEFT JOIN runs ON runs.id = first_true.run`;
const INSERT = `INSERT INTO first_true (record_id, workflow, run) SELECT record, workflow, run FROM ${inserted.source}`;
const HOLDS = `SELECT 1 FROM runs JOIN first_true ON first_true.record_id = coalesce(runs.record_id, '')
    AND first_true.workflow = runs.workflow AND first_true.run = runs.id
  WHERE runs.id = $1`;
const CANDIDATES = `SELECT ended.id AS run, later.id AS next, trigger
  FROM runs AS ended JOIN runs AS later ON later.record_id = ended.record_id
    JOIN run_triggers ON run_triggers.run = later.id
  WHERE ended.id = ANY($1::bigint[]) AND later.id > ended.id AND later.workflow = ended.workflow AND later.undecided = 1
    AND later.ended_at IS NULL
  ORDER BY later.id`;
const OF_RUN = `first_true.run = given.run AND (record_id, workflow) =
  (SELECT coalesce(runs.record_id, ''), runs.workflow FROM runs WHERE runs.id = given.run)`;
const HAND_OVER = `UPDATE first_true SET run = given.next FROM ${handedOver.source}
  WHERE given.next IS NOT NULL AND ${OF_RUN}`;
const REMOVE = `DELETE FROM first_true USING ${handedOver.source} WHERE given.next IS NULL AND ${OF_RUN}`;
