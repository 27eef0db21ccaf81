import type { Journal, RunFilter } from '../core/journal.ts';
import type { RunStatus } from '../core/run.ts';
import { cutKeyValue } from './run-key-value.ts';

/** How the table of runs is named where only the rows of one of its indexes are looked through. */
export interface RunTables {
  /** Those that ended otherwise than well. */
  readonly unsuccessful: string;
  /** Those that have not ended. */
  readonly unfinished: string;
  /** Those that an abort has led through. */
  readonly handled: string;
}

/** A statement with `?` for each of its values. */
interface RunPage {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** What `countsText` gives: what is counted, how many there are, how many of them wait. */
export type CountRow = readonly [what: string, count: number, waiting: number];

/** The ids of one page. Each combination of filters has its own text, with nothing of the filter's values in it. */
export function pageOf(filter: RunFilter, tables: RunTables): RunPage {
  const parts: [sql: string, ...values: (string | number)[]][] = [];
  if (filter.before !== undefined) parts.push(['id < ?', filter.before]);
  if (filter.status !== undefined) parts.push(oneOf(filter.status));
  if (filter.waiting !== undefined) parts.push([`wait_for IS ${filter.waiting ? 'NOT NULL' : 'NULL'}`]);
  if (filter.handled !== undefined) parts.push([`handled = ${filter.handled ? 1 : 0}`]);
  if (filter.workflow !== undefined) parts.push(['workflow = ?', filter.workflow]);
  if (filter.recordId !== undefined) parts.push(['record_id = ?', filter.recordId]);
  if (filter.key !== undefined) parts.push(keyed(filter.key));
  const source = sourceOf(filter, tables);
  if (source.only !== undefined) parts.push([source.only]);
  const where = parts.length === 0 ? '' : `WHERE ${parts.map(([sql]) => sql).join(' AND ')}`;
  return {
    sql: `SELECT id FROM ${source.table} ${where} ORDER BY id DESC LIMIT ?`,
    values: [...parts.flatMap(([, ...values]) => values), filter.limit],
  };
}

/** How many runs there are of each status, as `CountRow`s; nearly all are completed, and those are not counted by themselves. */
export function countsText({ unsuccessful, unfinished, handled }: RunTables): string {
  return `SELECT 'all' AS what, count(*) AS count, 0 AS waiting FROM runs
    UNION ALL SELECT status, count(*), 0 FROM ${unsuccessful} WHERE ${UNSUCCESSFUL} GROUP BY status
    UNION ALL SELECT status, count(*), count(wait_for) FROM ${unfinished} WHERE ${UNFINISHED} GROUP BY status
    UNION ALL SELECT 'handled', count(*), 0 FROM ${handled} WHERE ended_at IS NOT NULL AND ${HANDLED}`;
}

/** The counts of the rows of `countsText`. */
export function countsOf(rows: readonly CountRow[]): Awaited<ReturnType<Journal['counts']>> {
  const of = (what: string): number => rows.find(([name]) => name === what)?.[1] ?? 0;
  const others = rows
    .filter(([name]) => name !== 'all' && name !== 'handled')
    .reduce((sum, [, count]) => sum + count, 0);
  return {
    pending: of('pending'),
    running: of('running'),
    completed: of('all') - others,
    failed: of('failed'),
    canceled: of('canceled'),
    waiting: rows.reduce((sum, [, , waiting]) => sum + waiting, 0),
    handled: of('handled'),
  };
}

/** How many runs of each workflow have not ended. */
export const UNFINISHED_BY_WORKFLOW =
  'SELECT workflow, count(*) AS count FROM runs WHERE ended_at IS NULL GROUP BY workflow ORDER BY workflow';

/** Runs that have ended otherwise than well, and runs that have not ended: few among many, so they have indexes of their own. */
const UNSUCCESSFUL = `status IN ('failed', 'canceled')`;
const UNFINISHED = 'ended_at IS NULL';
const HANDLED = 'handled = 1';

/** Where a page is looked for. The runs of a record, and those with a key, are fewer still. */
function sourceOf(filter: RunFilter, tables: RunTables): { readonly table: string; readonly only?: string } {
  if (filter.recordId !== undefined || filter.key !== undefined) return { table: 'runs' };
  if (filter.handled === true) return { table: tables.handled, only: HANDLED };
  const isAll = (...statuses: readonly RunStatus[]): boolean =>
    filter.status?.every((status) => statuses.includes(status)) ?? false;
  if (filter.waiting === true || isAll('pending', 'running')) return { table: tables.unfinished, only: UNFINISHED };
  return isAll('failed', 'canceled') ? { table: tables.unsuccessful, only: UNSUCCESSFUL } : { table: 'runs' };
}

function oneOf(statuses: readonly RunStatus[]): [sql: string, ...values: string[]] {
  return statuses.length === 0 ? ['1 = 0'] : [`status IN (${statuses.map(() => '?').join(', ')})`, ...statuses];
}

/** Few runs share a value, so these are found first and the rest of the filter judged on them. */
function keyed({ name, value }: NonNullable<RunFilter['key']>): [sql: string, ...values: string[]] {
  const found = 'SELECT run FROM run_keys WHERE value = ?';
  const cut = cutKeyValue(value);
  return name === undefined ? [`id IN (${found})`, cut] : [`id IN (${found} AND name = ?)`, cut, name];
}
