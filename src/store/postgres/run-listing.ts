import type { Journal, RunFilter } from '../../core/journal.ts';
import type { Run, RunId } from '../../core/run.ts';
import { boundsOf, spanBounds } from '../page-walk.ts';
import { runPage } from '../run-page.ts';
import { RUN_PLACE } from '../run-place.ts';
import { RUN_IS_THERE } from '../still-there.ts';
import type { RunRow } from '../run-row.ts';
import { countsOf, countsText, unfinishedText } from '../run-totals.ts';
import type { Session } from './database.ts';
import { numbered } from './postgres-dialect.ts';
import { bigints, storable } from './row-set.ts';
import { runsOf, SELECT_RUN } from './run-contexts.ts';

/** One run; undefined when there is none. */
export async function readRun(session: Session, id: RunId): Promise<Run | undefined> {
  const [run] = await readRuns(session, [id]);
  return run;
}

/** A page of runs, newest first. */
export async function listRuns(session: Session, filter: RunFilter): Promise<readonly Run[]> {
  const span = await spanBounds(filter, (time) => placeOf(session, time));
  const page = runPage('whole-order', filter, boundsOf(filter, span));
  if (page === undefined) return [];
  const stored = page.values.map((value) => (typeof value === 'string' ? storable(value) : value));
  const rows = await session.all<{ id: RunId }>(numbered(page.sql), stored);
  return readRuns(
    session,
    rows.map(({ id }) => id),
  );
}

/** How many runs of each workflow have not ended. */
export async function countUnfinished(session: Session): Promise<Readonly<Record<string, number>>> {
  const rows = await session.all<{ workflow: string; count: number }>(unfinishedText('runs'));
  return Object.fromEntries(rows.map(({ workflow, count }) => [workflow, count]));
}

/** How many runs there are of each status. */
export async function countRuns(session: Session): ReturnType<Journal['counts']> {
  const rows = await session.all<{ what: string; count: number; waiting: number }>(countsText('runs'));
  return countsOf(rows.map(({ what, count, waiting }) => [what, count, waiting]));
}

async function placeOf(session: Session, time: number): Promise<number> {
  const [row] = await session.all<{ place: number }>(numbered(RUN_PLACE), [time]);
  return row?.place ?? 0;
}

async function readRuns(session: Session, ids: readonly RunId[]): Promise<Run[]> {
  if (ids.length === 0) return [];
  return runsOf(session, await session.all<RunRow>(RUNS, [bigints(ids)]));
}

const RUNS = `${SELECT_RUN} WHERE runs.id = ANY($1::bigint[]) AND ${RUN_IS_THERE} ORDER BY id DESC`;
