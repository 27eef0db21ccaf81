import type { Journal, RunFilter } from '../../core/journal.ts';
import type { Run, RunId } from '../../core/run.ts';
import { boundsOf, spanBounds } from '../page-walk.ts';
import { RUN_IS_THERE } from '../still-there.ts';
import { runPage } from '../run-page.ts';
import { RUN_PLACE } from '../run-place.ts';
import { runOf } from '../run-row.ts';
import type { RunRow } from '../run-row.ts';
import { countsOf, countsText, unfinishedText } from '../run-totals.ts';
import type { SqliteDatabase } from './database.ts';
import type { QueryThread } from './query-thread.ts';
import type { RunContexts } from './run-contexts.ts';
import { SELECT_RUN } from './run-selection.ts';

/** The planner does not know how few rows this index has. */
export const UNFINISHED_RUNS = 'runs INDEXED BY runs_lane';

/** Looks at runs without changing them. Long lists are found on the reader thread. */
export class RunListing {
  readonly #queries: QueryThread;
  readonly #contexts: RunContexts;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(parts: { db: SqliteDatabase; queries: QueryThread; contexts: RunContexts }) {
    this.#queries = parts.queries;
    this.#contexts = parts.contexts;
    this.#sql = prepare(parts.db);
  }

  run(id: RunId): Run | undefined {
    const row = this.#sql.run.get(id);
    return row === undefined ? undefined : runOf(row, this.#contexts.decode);
  }

  async runs(filter: RunFilter): Promise<readonly Run[]> {
    const page = runPage(
      'named-index',
      filter,
      boundsOf(filter, await spanBounds(filter, (time) => this.#place(time))),
    );
    const rows = page === undefined ? [] : await this.#queries.query(page);
    const falling = filter.after === undefined ? rows : rows.toReversed();
    return falling.flatMap(([id]) => this.run(Number(id)) ?? []);
  }

  async unfinished(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.#queries.query({ sql: unfinishedText(UNFINISHED_RUNS), values: [] });
    return Object.fromEntries(rows.map(([workflow, count]) => [String(workflow), Number(count)]));
  }

  async counts(): ReturnType<Journal['counts']> {
    const rows = await this.#queries.query({ sql: countsText(UNFINISHED_RUNS), values: [] });
    return countsOf(rows.map(([what, count, waiting]) => [String(what), Number(count), Number(waiting)]));
  }

  async #place(time: number): Promise<number> {
    const [row] = await this.#queries.query({ sql: RUN_PLACE, values: [time] });
    return Number(row?.[0]);
  }
}

function prepare(db: SqliteDatabase) {
  return { run: db.prepare<[number], RunRow>(`${SELECT_RUN} WHERE id = ? AND ${RUN_IS_THERE}`) };
}
