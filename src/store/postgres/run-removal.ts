import type { RunId } from '../../core/run.ts';
import { type EndedRun, endedCountsOf, minus } from '../ended-counts.ts';
import { IS_UNNEEDED, RESTART_ENDS, RUN_PARTS } from '../retention-text.ts';
import { RUN_IS_THERE } from '../still-there.ts';
import type { Session } from './database.ts';
import { bigints, texts as textList } from './row-set.ts';
import { addEndedCounts } from './run-counts.ts';

/** Runs and jobs whose rows are cleared away at once. */
const MOST_AT_ONCE = 200;
const MOST_TEXTS = 50;

/** Takes those of the ended runs away that nobody needs; gives them. Belongs inside a transaction, as all of this. */
export async function takeRuns(session: Session, runs: readonly RunId[]): Promise<readonly EndedRun[]> {
  // What others do to a run they do with its row locked: what they did is seen by the statement after this one.
  const locked = await session.all<{ id: number }>(LOCK, [bigints(runs)]);
  const taken = await session.all<EndedRun & { id: number }>(TAKEABLE, [bigints(locked.map(({ id }) => id))]);
  if (taken.length === 0) return [];
  const ids = bigints(taken.map(({ id }) => id));
  await session.run('INSERT INTO removed_runs SELECT unnest($1::bigint[])', [ids]);
  await session.run('DELETE FROM inbox WHERE run = ANY($1::bigint[])', [ids]);
  await addEndedCounts(session, minus(endedCountsOf(taken)));
  return taken;
}

/** Clears away at most so many rows; gives how many, and how many texts. */
export async function clearRemoved(
  session: Session,
  limit: number,
): Promise<{ readonly rows: number; readonly texts: number }> {
  const found = await session.all<{ id: number }>('SELECT run AS id FROM removed_runs ORDER BY run LIMIT $1', [
    MOST_AT_ONCE,
  ]);
  if (found.length === 0) return { rows: await clearJobs(session, limit), texts: 0 };
  const runs = found.map(({ id }) => id);
  const ids = bigints(runs);
  let left = limit;
  for (const text of [...PARTS, ...RESTARTS]) {
    left -= await session.run(text, [ids, left]);
    if (left <= 0) return { rows: limit - left, texts: 0 };
  }
  const held = await session.all<{ hash: string }>(TEXTS, [ids, Math.min(left, MOST_TEXTS)]);
  const hashes = [...new Set(held.map(({ hash }) => hash))].toSorted();
  const texts = await clearTexts(session, hashes);
  left -= held.length + texts;
  if (left <= 1 || held.length === MOST_TEXTS) return { rows: limit - left, texts };
  const gone = bigints(runs.slice(0, Math.floor(left / 2)));
  left -= await session.run('DELETE FROM runs WHERE id = ANY($1::bigint[])', [gone]);
  left -= await session.run('DELETE FROM removed_runs WHERE run = ANY($1::bigint[])', [gone]);
  return { rows: limit - left, texts };
}

/** Whoever stores a text again has locked its row, and says in the same transaction for which run. */
async function clearTexts(session: Session, hashes: readonly string[]): Promise<number> {
  if (hashes.length === 0) return 0;
  const given = textList(hashes);
  await session.run('SELECT 1 FROM blobs WHERE hash = ANY($1::text[]) ORDER BY hash FOR UPDATE', [given]);
  return session.run(BLOBS, [given]);
}

async function clearJobs(session: Session, limit: number): Promise<number> {
  const found = await session.all<{ id: number }>('SELECT job AS id FROM removed_jobs ORDER BY job LIMIT $1', [
    MOST_AT_ONCE,
  ]);
  if (found.length === 0) return 0;
  const jobs = found.map(({ id }) => id);
  let left = limit - (await session.run(JOB_ITEMS, [bigints(jobs), limit]));
  if (left <= 1) return limit - left;
  const gone = bigints(jobs.slice(0, Math.floor(left / 2)));
  left -= await session.run('DELETE FROM inbox_jobs WHERE id = ANY($1::bigint[])', [gone]);
  left -= await session.run('DELETE FROM removed_jobs WHERE job = ANY($1::bigint[])', [gone]);
  return limit - left;
}

function some(table: string, where: string): string {
  return `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE ${where} LIMIT $2::bigint))`;
}

const LISTED = 'ANY($1::bigint[])';
const LOCK = `SELECT id FROM runs WHERE id = ${LISTED} AND ended_at IS NOT NULL ORDER BY id FOR UPDATE SKIP LOCKED`;
const TAKEABLE = `SELECT id, status, handled FROM runs
  WHERE id = ${LISTED} AND ended_at IS NOT NULL AND ${RUN_IS_THERE} AND ${IS_UNNEEDED}`;
const PARTS = RUN_PARTS.map(({ table, only = 'TRUE' }) => some(table, `run = ${LISTED} AND ${only}`));
const RESTARTS = RESTART_ENDS.map(([gone, other]) =>
  some(
    'restarts',
    `${gone} = ${LISTED} AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.id = restarts.${other} AND ${RUN_IS_THERE})`,
  ),
);
const TEXTS = `${some('run_texts', `run = ${LISTED}`)} RETURNING hash`;
const BLOBS = `DELETE FROM blobs WHERE hash = ANY($1::text[])
  AND NOT EXISTS (SELECT 1 FROM run_texts WHERE run_texts.hash = blobs.hash)
  AND NOT EXISTS (SELECT 1 FROM revision_documents WHERE revision_documents.text = blobs.hash)`;
const JOB_ITEMS = some('inbox_job_items', `job = ${LISTED}`);
