import type { ModuleDefinition } from '../../core/module.ts';
import type { Query, QueryComparison, QueryCondition } from '../../core/query.ts';
import type { RecordId, RecordValue } from '../../core/record.ts';
import { canonicalLikePattern } from '../like-pattern.ts';
import { comparable } from '../storage-class.ts';
import { MAIN, operandOf } from './query-source.ts';
import type { QuerySource } from './query-source.ts';
import { quoted } from './record-names.ts';

/** What may stand for a `?`. */
export type SqlValue = string | number | null;

/** A condition or statement with its values, in the order of the `?`. */
export interface SqlText {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

const NEVER: SqlText = { sql: '0', values: [] };
const ALWAYS: SqlText = { sql: '1', values: [] };
/**
 * The condition as SQL. Comparisons are SQL's own: with null nothing is true, `null` alone asks for it. A value that the
 * field cannot hold equals none of its values. Throws STORE_QUERY_INVALID for a field the module does not have.
 */
export function renderCondition(source: QuerySource, condition: QueryCondition | undefined): SqlText {
  if (condition === undefined) return ALWAYS;
  switch (condition.kind) {
    case 'and':
    case 'or':
      return joined(source, condition);
    case 'not': {
      const part = renderCondition(source, condition.part);
      return { sql: `NOT (${part.sql})`, values: part.values };
    }
    case 'null':
      return { sql: `${operandOf(source, condition.field).sql} IS NULL`, values: [] };
    case 'like':
      return {
        sql: `${textOf(source, condition.field)} LIKE ? ESCAPE '\\'`,
        values: [canonicalLikePattern(condition.pattern)],
      };
    case 'in':
      return renderIn(source, condition);
    case 'compare':
      return renderComparison(source, condition);
    case 'related':
      return renderRelated(source, condition.to);
  }
}

/** `ORDER BY` with the record number last, so that the order is total. Null comes first ascending, last descending. */
export function renderOrder(source: QuerySource, order: Query['order']): string {
  const parts = order.map(({ field, descending }) => `${operandOf(source, field).sql} ${descending ? 'DESC' : 'ASC'}`);
  return `ORDER BY ${[...parts, `${numberOf(source)} ASC`].join(', ')}`;
}

function joined(source: QuerySource, condition: Extract<QueryCondition, { kind: 'and' | 'or' }>): SqlText {
  if (condition.parts.length === 0) return condition.kind === 'and' ? ALWAYS : NEVER;
  const parts = condition.parts.map((part) => renderCondition(source, part));
  const sql = parts.map((part) => `(${part.sql})`).join(condition.kind === 'and' ? ' AND ' : ' OR ');
  return { sql, values: parts.flatMap((part) => part.values) };
}

type Comparison = Extract<QueryCondition, { kind: 'compare' }>;

function renderComparison(source: QuerySource, { field, operator, value }: Comparison): SqlText {
  const { sql, as } = operandOf(source, field);
  if (as === 'time' && typeof value === 'string') return compareSecond(sql, operator, value);
  const to = storedValue(source.module, as, value);
  if (to !== undefined) return { sql: `${sql} ${operator} ?`, values: [to] };
  return operator === '<>' ? { sql: `${sql} IS NOT NULL`, values: [] } : NEVER;
}

/** Times given as text name a whole second, while the store keeps milliseconds. */
function compareSecond(column: string, operator: QueryComparison, text: string): SqlText {
  const from = secondOf(text);
  if (Number.isNaN(from)) return operator === '<>' ? ALWAYS : NEVER;
  const to = from + 1000;
  switch (operator) {
    case '=':
      return { sql: `${column} >= ? AND ${column} < ?`, values: [from, to] };
    case '<>':
      return { sql: `${column} < ? OR ${column} >= ?`, values: [from, to] };
    case '<':
      return { sql: `${column} < ?`, values: [from] };
    case '<=':
      return { sql: `${column} < ?`, values: [to] };
    case '>':
      return { sql: `${column} >= ?`, values: [to] };
    case '>=':
      return { sql: `${column} >= ?`, values: [from] };
  }
}

/** The start of the second named, in milliseconds; UTC where the text names no zone. */
function secondOf(text: string): number {
  const iso = text.trim().replace(' ', 'T');
  const zoned = !iso.includes('T') || /(?:Z|[+-]\d\d:?\d\d)$/u.test(iso) ? iso : `${iso}Z`;
  return Math.floor(Date.parse(zoned) / 1000) * 1000;
}

/** A list no longer than this has a `?` for each value: SQLite is spared a table of them. */
const SHORT_LIST = 16;

/** One parameter for a long list, so that it meets no limit. */
function renderIn(source: QuerySource, condition: Extract<QueryCondition, { kind: 'in' }>): SqlText {
  const { sql, as } = operandOf(source, condition.field);
  if (as === 'time') {
    const parts = condition.values.map((value) => ({
      ...condition,
      kind: 'compare' as const,
      operator: '=' as const,
      value,
    }));
    return joined(source, { kind: 'or', parts });
  }
  const values = condition.values.map((value) => storedValue(source.module, as, value));
  const possible = values.filter((value) => value !== undefined);
  if (possible.length <= SHORT_LIST) {
    return { sql: `${sql} IN (${possible.map(() => '?').join(', ')})`, values: possible };
  }
  return { sql: `${sql} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(possible)] };
}

/** The numbers behind the ids that stand at the other ends of the record's links, where these are of the module. */
function renderRelated(source: QuerySource, to: RecordId): SqlText {
  const number = 'CAST(substr(other, ?) AS INTEGER)';
  const ends =
    'SELECT target AS other FROM relations WHERE source = ? UNION ALL SELECT source FROM relations WHERE target = ?';
  const start = `${source.module.prefix}x`;
  return {
    sql: `${numberOf(source)} IN (SELECT ${number} FROM (${ends}) WHERE substr(other, 1, ?) = ?)`,
    values: [start.length + 1, to, to, start.length, start],
  };
}

function numberOf({ joins = [] }: QuerySource): string {
  return joins.length === 0 ? '"number"' : `${MAIN}."number"`;
}

/** A value as the database keeps it; undefined when such a field can hold none of it. */
function storedValue(
  module: ModuleDefinition,
  as: ReturnType<typeof operandOf>['as'],
  value: RecordValue,
): string | number | null | undefined {
  if (as === 'id') return idNumber(module, value);
  return comparable(value, as === 'time' ? 'integer' : as);
}

/** The value as text: ids and times as they stand on the wire, numbers without a needless `.0`. */
function textOf(source: QuerySource, name: string): string {
  const { sql, as } = operandOf(source, name);
  if (as === 'id') return `(${quoted(source.module.prefix, "'")} || 'x' || ${sql})`;
  if (as === 'time') return `strftime('%Y-%m-%dT%H:%M:%SZ', ${sql} / 1000, 'unixepoch')`;
  // SQLite prints null as 0, and an empty number is like nothing.
  return as === 'real' ? `iif(${sql} IS NULL, NULL, printf('%.15g', ${sql}))` : sql;
}

function idNumber(module: ModuleDefinition, value: RecordValue): number | null | undefined {
  if (value === null) return null;
  const [prefix, number, ...rest] = String(value).split('x');
  if (prefix !== module.prefix || number === undefined || rest.length > 0) return undefined;
  return /^[1-9][0-9]{0,15}$/u.test(number) ? Number(number) : undefined;
}
