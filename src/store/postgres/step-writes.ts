import type { RunId } from '../../core/run.ts';
import { invalidUnit } from '../invalid-unit.ts';
import type { EncodedIntent, EncodedOutcome } from '../settlement-encoding.ts';
import type { Session } from './database.ts';
import { rowSet } from './row-set.ts';
import { together } from './together.ts';

/** What one commit says of a run's steps, in the order in which it says it. */
export interface StepEntry {
  readonly run: RunId;
  readonly at: number;
  readonly outcomes: readonly EncodedOutcome[];
  readonly begin: EncodedIntent | undefined;
}

/**
 * Stores what came of tries and which tries begin. Rejects with STORE_UNIT_INVALID, for all of them, when a step of one does
 * not fit what is stored.
 */
export async function writeSteps(session: Session, entries: readonly StepEntry[]): Promise<void> {
  for (const changes of wavesOf(entries.flatMap(changesOf))) {
    const { end, again, insert } = Object.groupBy(changes, ({ kind }) => kind);
    await together([
      writeAll(session, END, { rows: end, say: 'has not begun, or has ended' }),
      writeAll(session, AGAIN, { rows: again, say: 'has not had the tries before' }),
      writeAll(session, INSERT, { rows: insert, say: 'has begun before' }),
    ]);
  }
}

type StepChange =
  | { readonly kind: 'insert'; readonly row: ReturnType<typeof insertedRow> }
  | { readonly kind: 'again'; readonly row: ReturnType<typeof againRow> }
  | { readonly kind: 'end'; readonly row: ReturnType<typeof endedRow> };

interface Statement {
  readonly sql: string;
  readonly values: (rows: readonly never[]) => Buffer[];
}

async function writeAll(
  session: Session,
  { sql, values }: Statement,
  { rows = [], say }: { readonly rows: readonly StepChange[] | undefined; readonly say: string },
): Promise<void> {
  if (rows.length === 0) return;
  const changed = await session.run(sql, values(rows.map(({ row }) => row as never)));
  if (changed === rows.length) return;
  const steps = rows.map(({ row }) => `${row.number} of run ${row.run}`);
  throw invalidUnit(`Step ${steps.join(', or ')} ${say}.`);
}

/** What a commit says of one step several times is written one after the other; all else at once. */
function wavesOf(changes: readonly StepChange[]): StepChange[][] {
  const waves: StepChange[][] = [];
  const said = new Map<string, number>();
  for (const change of changes) {
    const step = `${change.row.run}/${change.row.number}`;
    const wave = said.get(step) ?? 0;
    said.set(step, wave + 1);
    (waves[wave] ??= []).push(change);
  }
  return waves;
}

function changesOf({ run, at, outcomes, begin }: StepEntry): StepChange[] {
  const ended = outcomes.flatMap((outcome): StepChange[] => {
    const { intent } = outcome;
    // A step that is begun and ended at once is stored at once.
    if (intent !== undefined && intent.attempt === 1)
      return [{ kind: 'insert', row: insertedRow(run, at, intent, outcome) }];
    const end: StepChange = { kind: 'end', row: endedRow(run, at, outcome) };
    return intent === undefined ? [end] : [...begun(run, at, intent), end];
  });
  return begin === undefined ? ended : [...ended, ...begun(run, at, begin)];
}

function begun(run: RunId, at: number, intent: EncodedIntent): StepChange[] {
  if (intent.attempt > 1) return [{ kind: 'again', row: againRow(run, at, intent) }];
  return [{ kind: 'insert', row: insertedRow(run, at, intent, undefined) }];
}

function insertedRow(run: RunId, at: number, intent: EncodedIntent, outcome: EncodedOutcome | undefined) {
  const { number, task, purpose, round, frozen, request } = intent;
  const hasTry = outcome?.status !== 'skipped';
  return {
    run,
    number,
    task,
    purpose,
    round,
    status: outcome?.status ?? 'running',
    at,
    endedAt: outcome === undefined || outcome.status === 'waiting' ? null : at,
    frozen,
    effects: outcome?.effects ?? null,
    warnings: outcome?.warnings ?? null,
    failure: outcome?.failure ?? null,
    attempt: hasTry ? 1 : null,
    triedAt: hasTry ? at : null,
    tryEndedAt: hasTry && outcome !== undefined ? at : null,
    request,
    answer: outcome?.answer ?? null,
  };
}

function againRow(run: RunId, at: number, { number, attempt, frozen, request }: EncodedIntent) {
  return { run, number, attempt, frozen, request, at };
}

function endedRow(run: RunId, at: number, outcome: EncodedOutcome) {
  const { number, status, effects, warnings, failure, answer, forgetsRequest } = outcome;
  const endedAt = status === 'waiting' ? null : at;
  return { run, number, status, at, endedAt, effects, warnings, failure, answer, forgetsRequest };
}

const inserted = rowSet({
  run: 'bigint',
  number: 'bigint',
  task: 'text',
  purpose: 'text',
  round: 'bigint',
  status: 'text',
  at: 'bigint',
  endedAt: 'bigint',
  frozen: 'text',
  effects: 'text',
  warnings: 'text',
  failure: 'text',
  attempt: 'bigint',
  triedAt: 'bigint',
  tryEndedAt: 'bigint',
  request: 'text',
  answer: 'text',
});
const INSERT: Statement = {
  sql: `INSERT INTO steps (run, number, task, purpose, round, status, started_at, ended_at, frozen, effects, warnings,
      failure, attempt, attempt_started_at, attempt_ended_at, request, answer, attempt_failure)
    SELECT run, number, task, purpose, round, status, at, "endedAt", frozen, effects, warnings, failure, attempt,
      "triedAt", "tryEndedAt", request, answer, failure
    FROM ${inserted.source}`,
  values: inserted.values,
};

const again = rowSet({
  run: 'bigint',
  number: 'bigint',
  attempt: 'bigint',
  frozen: 'text',
  request: 'text',
  at: 'bigint',
});
/** The latest try moves to the earlier ones and makes room for the new one. */
const AGAIN: Statement = {
  sql: `WITH given AS (SELECT * FROM ${again.source}),
    kept AS (INSERT INTO attempts (run, step, number, started_at, ended_at, request, answer, failure)
      SELECT steps.run, steps.number, steps.attempt, attempt_started_at, attempt_ended_at, steps.request, answer,
        attempt_failure
      FROM given JOIN steps ON steps.run = given.run AND steps.number = given.number AND steps.attempt = given.attempt - 1)
    UPDATE steps SET status = 'running', ended_at = NULL, failure = NULL, frozen = coalesce(given.frozen, steps.frozen),
      attempt = given.attempt, attempt_started_at = given.at, attempt_ended_at = NULL, request = given.request,
      answer = NULL, attempt_failure = NULL
    FROM given WHERE steps.run = given.run AND steps.number = given.number AND steps.attempt = given.attempt - 1`,
  values: again.values,
};

const ended = rowSet({
  run: 'bigint',
  number: 'bigint',
  status: 'text',
  at: 'bigint',
  endedAt: 'bigint',
  effects: 'text',
  warnings: 'text',
  failure: 'text',
  answer: 'text',
  forgetsRequest: 'bigint',
});
/** Effects and warnings of earlier tries stay: two stored JSON lists, neither of them empty, become one by joining their texts. */
const END: Statement = {
  sql: `UPDATE steps SET status = given.status, ended_at = given."endedAt", failure = given.failure,
      effects = ${appended('effects')}, warnings = ${appended('warnings')},
      attempt_ended_at = coalesce(attempt_ended_at, given.at),
      answer = CASE WHEN attempt_ended_at IS NULL THEN given.answer ELSE steps.answer END,
      request = CASE WHEN given."forgetsRequest" = 0 THEN steps.request END,
      attempt_failure = CASE WHEN attempt_ended_at IS NULL THEN given.failure ELSE attempt_failure END
    FROM ${ended.source} WHERE steps.run = given.run AND steps.number = given.number AND ended_at IS NULL`,
  values: ended.values,
};

function appended(column: string): string {
  return `CASE WHEN given.${column} IS NULL THEN steps.${column} WHEN steps.${column} IS NULL THEN given.${column}
    ELSE left(steps.${column}, -1) || ',' || substr(given.${column}, 2) END`;
}
