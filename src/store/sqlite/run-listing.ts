import type { Journal, RunFilter } from '../../core/journal.ts';
import type { Run, RunId } from '../../core/run.ts';
import { countsOf, countsText, pageOf, UNFINISHED_BY_WORKFLOW } from '../run-page.ts';
import type { RunTables } from '../run-page.ts';
import { runOf } from '../run-row.ts';
import type { RunRow } from '../run-row.ts';
import type { SqliteDatabase } from './database.ts';
import type { QueryThread } from './query-thread.ts';
import type { RunContexts } from './run-contexts.ts';
import { SELECT_RUN } from './run-selection.ts';

/** The planner knows nothing of how few rows these indexes have. */
export const RUN_TABLES: RunTables = {
  unsuccessful: 'runs INDEXED BY runs_unsuccessful',
  unfinished: 'runs INDEXED BY runs_lane',
  handled: 'runs INDEXED BY runs_handled',
};

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
    const rows = await this.#queries.query(pageOf(filter, RUN_TABLES));
    return rows.flatMap(([id]) => this.run(Number(id)) ?? []);
  }

  async unfinished(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.#queries.query({ sql: UNFINISHED_BY_WORKFLOW, values: [] });
    return Object.fromEntries(rows.map(([workflow, count]) => [String(workflow), Number(count)]));
  }

  async counts(): ReturnType<Journal['counts']> {
    const rows = await this.#queries.query({ sql: countsText(RUN_TABLES), values: [] });
    return countsOf(rows.map(([what, count, waiting]) => [String(what), Number(count), Number(waiting)]));
  }
}

function prepare(db: SqliteDatabase) {
  return { run: db.prepare<[number], RunRow>(`${SELECT_RUN} WHERE id = ?`) };
}
