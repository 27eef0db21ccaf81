import type { RunId } from '../../core/run.ts';
import { type EndedRun, endedCountsOf, minus } from '../ended-counts.ts';
import { LISTED_NUMBERS } from '../inbox-text.ts';
import { IS_UNNEEDED, RESTART_ENDS, RUN_PARTS } from '../retention-text.ts';
import { RUN_IS_THERE } from '../still-there.ts';
import type { SqliteDatabase } from './database.ts';
import { RunCounts } from './run-counts.ts';

/** Runs and jobs whose rows are cleared away at once. */
const MOST_AT_ONCE = 200;
/** Long texts cleared away at once: each may be of megabytes, and SQLite walks through all of its pages. */
const MOST_TEXTS = 8;

/** Takes runs away and clears up after them. Every method belongs inside a unit of the group commit. */
export class RunRemoval {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #counts: RunCounts;

  constructor(db: SqliteDatabase) {
    this.#sql = prepare(db);
    this.#counts = new RunCounts(db);
  }

  /** Takes those of the ended runs away that nobody needs; gives them. */
  take(runs: readonly RunId[]): readonly EndedRun[] {
    const taken = this.#sql.takeable.all(JSON.stringify(runs));
    const ids = JSON.stringify(taken.map(({ id }) => id));
    this.#sql.removed.run(ids);
    this.#sql.inbox.run(ids);
    this.#counts.add(minus(endedCountsOf(taken)));
    return taken;
  }

  /** Clears away at most so many rows; gives how many, and how many texts. */
  clear(limit: number): { readonly rows: number; readonly texts: number } {
    const runs = this.#sql.removedRuns.all(MOST_AT_ONCE).map(({ id }) => id);
    if (runs.length === 0) return { rows: this.#clearJobs(limit), texts: 0 };
    const ids = JSON.stringify(runs);
    const parts = [...this.#sql.parts, ...this.#sql.restarts];
    let left = limit;
    for (const part of parts) {
      left -= part.run(ids, left).changes;
      if (left <= 0) return { rows: limit - left, texts: 0 };
    }
    const held = this.#sql.texts.all(ids, Math.min(left, MOST_TEXTS));
    const hashes = JSON.stringify(held.map(({ hash }) => hash));
    const texts = held.length === 0 ? 0 : this.#sql.blobs.run(hashes).changes;
    left -= held.length + texts;
    if (left <= 1 || held.length === MOST_TEXTS) return { rows: limit - left, texts };
    const gone = JSON.stringify(runs.slice(0, Math.floor(left / 2)));
    left -= this.#sql.runs.run(gone).changes + this.#sql.forgetRuns.run(gone).changes;
    return { rows: limit - left, texts };
  }

  #clearJobs(limit: number): number {
    const jobs = this.#sql.removedJobs.all(MOST_AT_ONCE).map(({ id }) => id);
    if (jobs.length === 0) return 0;
    let left = limit - this.#sql.jobItems.run(JSON.stringify(jobs), limit).changes;
    if (left <= 1) return limit - left;
    const gone = JSON.stringify(jobs.slice(0, Math.floor(left / 2)));
    left -= this.#sql.jobs.run(gone).changes + this.#sql.forgetJobs.run(gone).changes;
    return limit - left;
  }
}

type Listed = [ids: string];
type ListedSome = [ids: string, limit: number];

function prepare(db: SqliteDatabase) {
  const some = (table: string, where: string) =>
    db.prepare<ListedSome>(`DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${where} LIMIT +?)`);
  return {
    takeable: db.prepare<Listed, EndedRun & { id: number }>(
      `SELECT id, status, handled FROM runs
       WHERE id IN (${LISTED_NUMBERS}) AND ended_at IS NOT NULL AND ${RUN_IS_THERE} AND ${IS_UNNEEDED}`,
    ),
    removed: db.prepare<Listed>(`INSERT INTO removed_runs ${LISTED_NUMBERS}`),
    inbox: db.prepare<Listed>(`DELETE FROM inbox WHERE run IN (${LISTED_NUMBERS})`),
    removedRuns: db.prepare<[number], { id: number }>('SELECT run AS id FROM removed_runs ORDER BY run LIMIT ?'),
    parts: RUN_PARTS.map(({ table, only = '1 = 1' }) => some(table, `run IN (${LISTED_NUMBERS}) AND ${only}`)),
    restarts: RESTART_ENDS.map(([gone, other]) =>
      some(
        'restarts',
        `${gone} IN (${LISTED_NUMBERS}) AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.id = ${other} AND ${RUN_IS_THERE})`,
      ),
    ),
    texts: db.prepare<ListedSome, { hash: string }>(
      `DELETE FROM run_texts WHERE rowid IN (SELECT rowid FROM run_texts WHERE run IN (${LISTED_NUMBERS}) LIMIT +?)
       RETURNING hash`,
    ),
    blobs: db.prepare<[hashes: string]>(
      `DELETE FROM blobs WHERE hash IN (${LISTED_NUMBERS})
         AND NOT EXISTS (SELECT 1 FROM run_texts WHERE run_texts.hash = blobs.hash)
         AND NOT EXISTS (SELECT 1 FROM revision_documents WHERE revision_documents.text = blobs.hash)`,
    ),
    runs: db.prepare<Listed>(`DELETE FROM runs WHERE id IN (${LISTED_NUMBERS})`),
    forgetRuns: db.prepare<Listed>(`DELETE FROM removed_runs WHERE run IN (${LISTED_NUMBERS})`),
    removedJobs: db.prepare<[number], { id: number }>('SELECT job AS id FROM removed_jobs ORDER BY job LIMIT ?'),
    jobItems: some('inbox_job_items', `job IN (${LISTED_NUMBERS})`),
    jobs: db.prepare<Listed>(`DELETE FROM inbox_jobs WHERE id IN (${LISTED_NUMBERS})`),
    forgetJobs: db.prepare<Listed>(`DELETE FROM removed_jobs WHERE job IN (${LISTED_NUMBERS})`),
  };
}
