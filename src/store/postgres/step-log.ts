import type { RunId } from '../../core/run.ts';
import type { Step } from '../../core/step.ts';
import { SELECT_ATTEMPT, SELECT_STEP, stepOf } from '../step-row.ts';
import type { AttemptRow, StepRow } from '../step-row.ts';
import type { Session } from './database.ts';
import { bigints } from './row-set.ts';
import { together } from './together.ts';

/** The steps of a run in order, each with its tries. */
export async function stepsOf(session: Session, run: RunId): Promise<Step[]> {
  const [rows, attempts] = await together([
    session.all<StepRow>(`${SELECT_STEP} WHERE run = $1 ORDER BY number`, [run]),
    session.all<AttemptRow>(`${SELECT_ATTEMPT} WHERE run = $1 ORDER BY step, number`, [run]),
  ]);
  const tries = Map.groupBy(attempts, ({ step }) => step);
  return rows.map((row) => stepOf(run, row, tries.get(row.number) ?? []));
}

/** For each of these runs the latest step that has begun and not ended; runs without one are left out. */
export async function openSteps(session: Session, runs: readonly RunId[]): Promise<ReadonlyMap<RunId, Step>> {
  if (runs.length === 0) return new Map();
  const rows = await session.all<StepRow & { readonly run: RunId }>(OPEN, [bigints(runs)]);
  const tries = await triesOf(session, rows);
  return new Map(rows.map((row) => [row.run, stepOf(row.run, row, tries.get(row.run) ?? [])]));
}

async function triesOf(
  session: Session,
  steps: readonly { readonly run: RunId; readonly number: number; readonly attempt: number | null }[],
): Promise<ReadonlyMap<RunId, AttemptRow[]>> {
  const repeated = steps.filter(({ attempt }) => (attempt ?? 0) > 1);
  if (repeated.length === 0) return new Map();
  const values = [bigints(repeated.map(({ run }) => run)), bigints(repeated.map(({ number }) => number))];
  const rows = await session.all<AttemptRow & { readonly run: RunId }>(TRIES, values);
  return Map.groupBy(rows, ({ run }) => run);
}

const OPEN = `SELECT DISTINCT ON (run) run, ${SELECT_STEP.replace('SELECT', '')}
  WHERE run = ANY($1::bigint[]) AND status = 'running' ORDER BY run, number DESC`;
const TRIES = `SELECT run, ${SELECT_ATTEMPT.replace('SELECT', '')}
  WHERE (run, step) IN (SELECT * FROM unnest($1::bigint[], $2::bigint[])) ORDER BY run, number`;
