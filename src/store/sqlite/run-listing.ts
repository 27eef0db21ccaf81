import type { Journal, RunFilter } from '../../core/journal.ts';
import type { Run, RunId, RunStatus } from '../../core/run.ts';
import { cutKeyValue } from './business-keys.ts';
import type { SqliteDatabase } from './database.ts';
import type { SqlText, SqlValue } from './query-sql.ts';
import type { QueryThread } from './query-thread.ts';
import type { RunContexts } from './run-contexts.ts';
import { runOf, SELECT_RUN } from './run-row.ts';
import type { RunRow } from './run-row.ts';

type Counts = Awaited<ReturnType<Journal['counts']>>;

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
    const rows = await this.#queries.query(pageOf(filter));
    return rows.flatMap(([id]) => this.run(Number(id)) ?? []);
  }

  async unfinished(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.#queries.query({
      sql: 'SELECT workflow, count(*) FROM runs WHERE ended_at IS NULL GROUP BY workflow ORDER BY workflow',
      values: [],
    });
    return Object.fromEntries(rows.map(([workflow, count]) => [String(workflow), Number(count)]));
  }

  async counts(): Promise<Counts> {
    const rows = await this.#queries.query({ sql: COUNTS, values: [] });
    const of = (what: string): number => Number(rows.find(([name]) => name === what)?.[1] ?? 0);
    const sum = (column: number): number => rows.reduce((total, row) => total + Number(row[column]), 0);
    // Nearly all runs are completed: they are what remains.
    const all = of('all');
    return {
      pending: of('pending'),
      running: of('running'),
      completed: all - (sum(1) - all),
      failed: of('failed'),
      canceled: of('canceled'),
      waiting: sum(2),
    };
  }
}

/** The ids of one page. Each combination of filters has its own text, with nothing of the filter's values in it. */
export function pageOf(filter: RunFilter): SqlText {
  const parts: [sql: string, ...values: SqlValue[]][] = [];
  if (filter.before !== undefined) parts.push(['id < ?', filter.before]);
  if (filter.status !== undefined) {
    parts.push(['status IN (SELECT value FROM json_each(?))', JSON.stringify(filter.status)]);
  }
  if (filter.waiting !== undefined) parts.push([`wait_for IS ${filter.waiting ? 'NOT NULL' : 'NULL'}`]);
  if (filter.workflow !== undefined) parts.push(['workflow = ?', filter.workflow]);
  if (filter.recordId !== undefined) parts.push(['record_id = ?', filter.recordId]);
  if (filter.key !== undefined) parts.push(keyed(filter.key));
  const source = sourceOf(filter);
  if (source.only !== undefined) parts.push([source.only]);
  const where = parts.length === 0 ? '' : `WHERE ${parts.map(([sql]) => sql).join(' AND ')}`;
  return {
    sql: `SELECT id FROM ${source.table} ${where} ORDER BY id DESC LIMIT ?`,
    values: [...parts.flatMap(([, ...values]) => values), filter.limit],
  };
}

/** Runs that have ended otherwise than well, and runs that have not ended: few among many, so they have indexes of their own. */
const UNSUCCESSFUL = { table: 'runs INDEXED BY runs_unsuccessful', only: `status IN ('failed', 'canceled')` };
const UNFINISHED = { table: 'runs INDEXED BY runs_lane', only: 'ended_at IS NULL' };

const COUNTS = `SELECT 'all', count(*), 0 FROM runs
  UNION ALL SELECT status, count(*), 0 FROM ${UNSUCCESSFUL.table} WHERE ${UNSUCCESSFUL.only} GROUP BY status
  UNION ALL SELECT status, count(*), count(wait_for) FROM ${UNFINISHED.table} WHERE ${UNFINISHED.only} GROUP BY status`;

/** Where a page is looked for. The runs of a record, and those with a key, are fewer still. */
function sourceOf(filter: RunFilter): { readonly table: string; readonly only?: string } {
  if (filter.recordId !== undefined || filter.key !== undefined) return { table: 'runs' };
  const isAll = (...statuses: readonly RunStatus[]): boolean =>
    filter.status?.every((status) => statuses.includes(status)) ?? false;
  if (filter.waiting === true || isAll('pending', 'running')) return UNFINISHED;
  return isAll('failed', 'canceled') ? UNSUCCESSFUL : { table: 'runs' };
}

/** Few runs share a value, so these are found first and the rest of the filter judged on them. */
function keyed({ name, value }: NonNullable<RunFilter['key']>): [sql: string, ...values: SqlValue[]] {
  const found = 'SELECT run FROM run_keys WHERE value = ?';
  const cut = cutKeyValue(value);
  return name === undefined ? [`id IN (${found})`, cut] : [`id IN (${found} AND name = ?)`, cut, name];
}

function prepare(db: SqliteDatabase) {
  return { run: db.prepare<[number], RunRow>(`${SELECT_RUN} WHERE id = ?`) };
}
