import type { RunFilter } from '../core/journal.ts';
import { isFinal, type RunStatus } from '../core/run.ts';
import { type PageBounds, pageText, spanConditions, type Stretch, type WalkStyle } from './page-walk.ts';
import { RUN_IS_THERE } from './still-there.ts';
import { cutKeyValue } from './run-key-value.ts';
import type { SqlText } from './sql-text.ts';

/**
 * The ids of one page; undefined when no run can be like that. Each combination of filters has its own text, with nothing of
 * the filter's values in it, and is read from indexes that hold what it asks for in the order of the ids: the runs of a
 * record, those with a key, those that have not ended (few among many), and those that ended in each way.
 */
export function runPage(style: WalkStyle, filter: RunFilter, bounds: PageBounds): SqlText | undefined {
  const stretches = stretchesOf(filter);
  return stretches.length === 0 ? undefined : pageText(style, stretches, bounds);
}

const ALL: readonly RunStatus[] = ['pending', 'running', 'completed', 'failed', 'canceled'];

function stretchesOf(filter: RunFilter): readonly Stretch[] {
  const { recordId, key, waiting, handled, workflow } = filter;
  const statuses = ALL.filter((status) => filter.status?.includes(status) ?? true);
  if (statuses.length === 0) return [];
  const isAny = statuses.length === ALL.length && waiting === undefined && handled === undefined;
  if (recordId !== undefined) return [ofRecord(filter, recordId, statuses)];
  const isUnfinished = waiting === true || statuses.every((status) => !isFinal(status));
  if (key !== undefined && !isUnfinished) return [ofKey(filter, key, statuses)];
  if (isAny && workflow === undefined) return [{ ...RUNS, also: [IS_THERE, ...spanConditions('accepted_at', filter)] }];
  const endings = waiting === true ? [] : statuses.filter(isFinal);
  const unfinished = statuses.filter((status) => !isFinal(status));
  return [
    ...endings.flatMap((status) => HANDLED.filter((one) => one !== handled).map((one) => ended(filter, status, !one))),
    ...(unfinished.length === 0 || handled === true ? [] : [notEnded(filter, unfinished)]),
  ];
}

const HANDLED = [true, false] as const;
const IS_THERE: SqlText = { sql: RUN_IS_THERE, values: [] };
const KEY_IS_THERE: SqlText = { sql: RUN_IS_THERE.replace('runs.id', 'run_keys.run'), values: [] };
const RUNS = { table: 'runs', key: 'id', equal: [] } as const;

function ofRecord(filter: RunFilter, recordId: string, statuses: readonly RunStatus[]): Stretch {
  const { key } = filter;
  return {
    ...RUNS,
    index: 'runs_record',
    only: 'record_id IS NOT NULL',
    equal: [['record_id', recordId]],
    also: [IS_THERE, ...judged(filter, statuses), ...(key === undefined ? [] : [keyed(key)])],
  };
}

/** Found by the value, which says more than the name; a run may have it under several. */
function ofKey(
  filter: RunFilter,
  { name, value }: NonNullable<RunFilter['key']>,
  statuses: readonly RunStatus[],
): Stretch {
  const conditions = judged(filter, statuses);
  const named = name === undefined ? { sql: FIRST_NAME, values: [] } : { sql: 'run_keys.name = ?', values: [name] };
  return {
    table: 'run_keys',
    index: 'run_keys_value',
    equal: [['run_keys.value', cutKeyValue(value)]],
    key: 'run_keys.run',
    also: [KEY_IS_THERE, named, ...(conditions.length === 0 ? [] : [ofItsRun(conditions)])],
  };
}

/** A value of the run's row, and no join: a planner may begin a join at the other end, and look through all runs. */
function ofItsRun(conditions: readonly SqlText[]): SqlText {
  const whole = conditions.map(({ sql }) => sql).join(' AND ');
  return {
    sql: `(SELECT 1 FROM runs WHERE runs.id = run_keys.run AND ${whole}) = 1`,
    values: conditions.flatMap(({ values }) => values),
  };
}

const FIRST_NAME = `NOT EXISTS (SELECT 1 FROM run_keys AS other WHERE other.run = run_keys.run
    AND other.value = run_keys.value AND other.name < run_keys.name)`;

function ended(filter: RunFilter, status: RunStatus, handled: boolean): Stretch {
  const { workflow } = filter;
  const ways = [
    ['status', status],
    ['handled', Number(handled)],
  ] as const;
  return {
    ...RUNS,
    only: 'ended_at IS NOT NULL',
    ...(workflow === undefined
      ? { index: 'runs_outcome', equal: ways }
      : { index: 'runs_workflow', equal: [['workflow', workflow], ...ways] }),
    also: [IS_THERE, ...spanConditions('accepted_at', filter)],
  };
}

function notEnded(filter: RunFilter, statuses: readonly RunStatus[]): Stretch {
  const { key } = filter;
  const conditions = judged({ ...filter, handled: undefined }, statuses.length === 2 ? ALL : statuses);
  const also = [...conditions, ...(key === undefined ? [] : [keyed(key)])];
  return { ...RUNS, index: 'runs_unfinished', equal: [['ended_at', null]], only: 'runs.id > 0', also };
}

/** What is asked of each row; the handled ones among those that have not ended are none. */
function judged(
  filter: Omit<RunFilter, 'handled'> & { readonly handled?: boolean | undefined },
  statuses: readonly RunStatus[],
): SqlText[] {
  const { waiting, handled, workflow } = filter;
  const parts: SqlText[] = [];
  if (statuses.length < ALL.length) {
    parts.push({ sql: `status IN (${statuses.map(() => '?').join(', ')})`, values: statuses });
  }
  if (waiting !== undefined) parts.push({ sql: `wait_for IS ${waiting ? 'NOT NULL' : 'NULL'}`, values: [] });
  if (handled !== undefined) parts.push({ sql: `handled = ${handled ? 1 : 0}`, values: [] });
  if (workflow !== undefined) parts.push({ sql: 'workflow = ?', values: [workflow] });
  return [...parts, ...spanConditions('accepted_at', filter)];
}

/** A number, and no EXISTS: of that a planner may make a join, and begin it with all runs that have the key. */
function keyed({ name, value }: NonNullable<RunFilter['key']>): SqlText {
  const own = '(SELECT count(*) FROM run_keys WHERE run_keys.run = runs.id AND value = ?';
  const cut = cutKeyValue(value);
  return name === undefined
    ? { sql: `${own}) > 0`, values: [cut] }
    : { sql: `${own} AND name = ?) > 0`, values: [cut, name] };
}
