import type { SqlText, SqlValue } from './sql-text.ts';

/** Rows that an index holds in the order of their keys, so that a page is read where it stands, however many there are. */
export interface Stretch {
  readonly table: string;
  /** Undefined: that of the key itself. */
  readonly index?: string;
  /** The rows that a partial index holds, as the schema says it. */
  readonly only?: string;
  /** The columns of the index before the key, each with its one value; null stands for IS NULL. */
  readonly equal: readonly (readonly [column: string, value: SqlValue])[];
  /** A whole number from 1 up. */
  readonly key: string;
  /** What is read of each row; the key, as `id`, when left out. */
  readonly select?: string;
  /** Judged on each row that is read. */
  readonly also: readonly SqlText[];
}

/** Where a page lies in the order of the keys. */
export interface PageBounds {
  /** Only greater keys than this; 0 when left out. */
  readonly above?: number | undefined;
  /** Only smaller keys than this. */
  readonly below?: number | undefined;
  /** True: the smallest keys of those, rising; false: the greatest, falling. */
  readonly rising: boolean;
  readonly limit: number;
}

/** Whether a database is told the index, or is left none else by the order that is asked for. */
export type WalkStyle = 'named-index' | 'whole-order';

/** How a number is marked: SQLite plans a statement anew each time for a bare `?` there. */
const NUMBER: Readonly<Record<WalkStyle, string>> = { 'named-index': '+?', 'whole-order': '?' };

/** The keys of one page, as `id`; each of several stretches gives a page at most, and these are merged. */
export function pageText(style: WalkStyle, stretches: readonly Stretch[], bounds: PageBounds): SqlText {
  const parts = stretches.map((stretch) => stretchText(style, stretch, bounds));
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const union = parts.map(({ sql }, index) => `SELECT * FROM (${sql}) AS part${index}`).join(' UNION ALL ');
  return {
    sql: `SELECT id FROM (${union}) AS found ORDER BY id ${bounds.rising ? 'ASC' : 'DESC'} LIMIT ${NUMBER[style]}`,
    values: [...parts.flatMap(({ values }) => values), bounds.limit],
  };
}

function stretchText(style: WalkStyle, stretch: Stretch, { above = 0, below, rising, limit }: PageBounds): SqlText {
  const { table, index, only, key, select = `${key} AS id`, also } = stretch;
  const end = below ?? Number.MAX_SAFE_INTEGER;
  const hint = style === 'named-index' && index !== undefined ? ` INDEXED BY ${index}` : '';
  const range = rangeText(style, stretch, { above, end });
  const conditions = [...(only === undefined ? [] : [{ sql: only, values: [] }]), range, ...also];
  const direction = rising ? 'ASC' : 'DESC';
  const leading = style === 'named-index' ? [] : stretch.equal.map(([column]) => column);
  return {
    sql: `SELECT ${select} FROM ${table}${hint}
      WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}
      ORDER BY ${[...leading, key].map((column) => `${column} ${direction}`).join(', ')} LIMIT ${NUMBER[style]}`,
    values: [...conditions.flatMap(({ values }) => values), limit],
  };
}

/**
 * Where no index can be named, the planner may take the index of the key alone and look at row after row: with what is equal
 * it is in order too. Asked for the order of all columns, between two places in it, only the index that is meant is left.
 */
function rangeText(
  style: WalkStyle,
  { equal, key }: Stretch,
  { above, end }: { readonly above: number; readonly end: number },
): SqlText {
  const values = equal.flatMap(([, value]) => (value === null ? [] : [value]));
  if (style === 'named-index' || values.length < equal.length || equal.length === 0) {
    const same = equal.map(([column, value]) => (value === null ? `${column} IS NULL` : `${column} = ?`));
    const mark = NUMBER[style];
    return { sql: [...same, `${key} > ${mark}`, `${key} < ${mark}`].join(' AND '), values: [...values, above, end] };
  }
  const columns = [...equal.map(([column]) => column), key].join(', ');
  const marks = [...values, key].map(() => '?').join(', ');
  return {
    sql: `(${columns}) > (${marks}) AND (${columns}) < (${marks})`,
    values: [...values, above, ...values, end],
  };
}

/**
 * How far the times of rows may be out of the order of their keys: nodes read clocks of their own, and a transaction may
 * take its number before another that began earlier.
 */
const CLOCK_TOLERANCE_MS = 10 * 60_000;

/**
 * The smallest key, by halving, from which on no row is earlier than the `?`, provided that the times rise with the keys;
 * with times that are out of order by the tolerance, the place is right for a time so much earlier or later.
 */
export function placeText({
  table,
  key,
  time,
}: {
  readonly table: string;
  readonly key: string;
  readonly time: string;
}): string {
  const middle = '(low + high) / 2';
  const isEarly = `coalesce((SELECT ${time} FROM ${table} WHERE ${key} >= ${middle} ORDER BY ${key} LIMIT 1) < given, ${NEVER})`;
  return `WITH RECURSIVE search (low, high, given) AS (
      SELECT CAST(0 AS bigint), coalesce((SELECT max(${key}) FROM ${table}), 0) + 1, CAST(? AS bigint)
      UNION ALL SELECT CASE WHEN ${isEarly} THEN ${middle} ELSE low END,
        CASE WHEN ${isEarly} THEN high ELSE ${middle} END, given
      FROM search WHERE high - low > 1)
    SELECT max(high) AS place FROM search WHERE high - low <= 1`;
}

const NEVER = '1 = 0';

/** A span of time, from `since` on and before `until`, in milliseconds since the epoch. */
export interface TimeSpan {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** The bounds of keys between which all rows of the span lie; `placeOf` tells what `placeText` finds for a time. */
export async function spanBounds(
  { since, until }: TimeSpan,
  placeOf: (time: number) => Promise<number>,
): Promise<{ readonly above: number | undefined; readonly below: number | undefined }> {
  const [first, last] = await Promise.all([
    since === undefined ? undefined : placeOf(since - CLOCK_TOLERANCE_MS),
    until === undefined ? undefined : placeOf(until + CLOCK_TOLERANCE_MS),
  ]);
  return { above: first === undefined ? undefined : first - 1, below: last };
}

/** The span on the row itself. */
export function spanConditions(column: string, { since, until }: TimeSpan): readonly SqlText[] {
  return [
    ...(since === undefined ? [] : [{ sql: `${column} >= ?`, values: [since] }]),
    ...(until === undefined ? [] : [{ sql: `${column} < ?`, values: [until] }]),
  ];
}

/** A page as it is asked for: the greatest keys below `before`, or the smallest above `after`. */
interface PageAsked {
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly limit: number;
}

/** The bounds of a page: those asked for, inside of those of the span. */
export function boundsOf(
  { before, after, limit }: PageAsked,
  span: { readonly above?: number | undefined; readonly below?: number | undefined } = {},
): PageBounds {
  const lower = [after, span.above].filter((one) => one !== undefined);
  const upper = [after === undefined ? before : undefined, span.below].filter((one) => one !== undefined);
  return {
    above: lower.length === 0 ? undefined : Math.max(...lower),
    below: upper.length === 0 ? undefined : Math.min(...upper),
    rising: after !== undefined,
    limit,
  };
}
