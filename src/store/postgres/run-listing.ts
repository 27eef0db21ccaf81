import type { Journal, RunFilter } from '../../core/journal.ts';
import type { Run, RunId } from '../../core/run.ts';
import { countsOf, countsText, pageOf, UNFINISHED_BY_WORKFLOW } from '../run-page.ts';
import type { RunTables } from '../run-page.ts';
import type { RunRow } from '../run-row.ts';
import type { Session } from './database.ts';
import { numbered } from './postgres-dialect.ts';
import { bigints, storable } from './row-set.ts';
import { runsOf, SELECT_RUN } from './run-contexts.ts';

/** The planner finds the indexes of the few by what the statements say of them. */
export const RUN_TABLES: RunTables = { unsuccessful: 'runs', unfinished: 'runs', handled: 'runs' };

/** One run; undefined when there is none. */
export async function readRun(session: Session, id: RunId): Promise<Run | undefined> {
  const [run] = await readRuns(session, [id]);
  return run;
}

/** A page of runs, newest first. */
export async function listRuns(session: Session, filter: RunFilter): Promise<readonly Run[]> {
  const { sql, values } = pageOf(filter, RUN_TABLES);
  const stored = values.map((value) => (typeof value === 'string' ? storable(value) : value));
  const rows = await session.all<{ id: RunId }>(numbered(sql), stored);
  return readRuns(
    session,
    rows.map(({ id }) => id),
  );
}

/** How many runs of each workflow have not ended. */
export async function countUnfinished(session: Session): Promise<Readonly<Record<string, number>>> {
  const rows = await session.all<{ workflow: string; count: number }>(UNFINISHED_BY_WORKFLOW);
  return Object.fromEntries(rows.map(({ workflow, count }) => [workflow, count]));
}

/** How many runs there are of each status. */
export async function countRuns(session: Session): ReturnType<Journal['counts']> {
  const rows = await session.all<{ what: string; count: number; waiting: number }>(countsText(RUN_TABLES));
  return countsOf(rows.map(({ what, count, waiting }) => [what, count, waiting]));
}

async function readRuns(session: Session, ids: readonly RunId[]): Promise<Run[]> {
  if (ids.length === 0) return [];
  return runsOf(session, await session.all<RunRow>(RUNS, [bigints(ids)]));
}

const RUNS = `${SELECT_RUN} WHERE runs.id = ANY($1::bigint[]) ORDER BY id DESC`;
