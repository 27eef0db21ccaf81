import { MapwrightError } from '../../core/error.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import type { Query, QueryComparison, QueryCondition } from '../../core/query.ts';
import type { RecordId, RecordValue } from '../../core/record.ts';
import { canonicalLikePattern } from '../like-pattern.ts';
import { comparable, storageClassOf } from '../storage-class.ts';
import type { StorageClass } from '../storage-class.ts';
import { columnOf, quoted } from './record-names.ts';

/** What may stand for a `?`. */
export type SqlValue = string | number | null;

/** A condition or statement with its values, in the order of the `?`. */
export interface SqlText {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

const NEVER: SqlText = { sql: '0', values: [] };
const ALWAYS: SqlText = { sql: '1', values: [] };
const SYSTEM_TIMES: ReadonlyMap<string, string> = new Map([
  ['createdtime', '"created_at"'],
  ['modifiedtime', '"modified_at"'],
]);

/**
 * The condition as SQL. Comparisons are SQL's own: with null nothing is true, `null` alone asks for it. A value that the
 * field cannot hold equals none of its values. Throws STORE_QUERY_INVALID for a field the module does not have.
 */
export function renderCondition(module: ModuleDefinition, condition: QueryCondition | undefined): SqlText {
  if (condition === undefined) return ALWAYS;
  switch (condition.kind) {
    case 'and':
    case 'or':
      return joined(module, condition);
    case 'not': {
      const part = renderCondition(module, condition.part);
      return { sql: `NOT (${part.sql})`, values: part.values };
    }
    case 'null':
      return { sql: `${expressionOf(module, condition.field)} IS NULL`, values: [] };
    case 'like':
      return {
        sql: `${textOf(module, condition.field)} LIKE ? ESCAPE '\\'`,
        values: [canonicalLikePattern(condition.pattern)],
      };
    case 'in':
      return renderIn(module, condition);
    case 'compare':
      return renderComparison(module, condition);
    case 'related':
      return renderRelated(module, condition.to);
  }
}

/** `ORDER BY` with the record number last, so that the order is total. Null comes first ascending, last descending. */
export function renderOrder(module: ModuleDefinition, order: Query['order']): string {
  const parts = order.map((part) => `${expressionOf(module, part.field)} ${part.descending ? 'DESC' : 'ASC'}`);
  return `ORDER BY ${[...parts, '"number" ASC'].join(', ')}`;
}

function joined(module: ModuleDefinition, condition: Extract<QueryCondition, { kind: 'and' | 'or' }>): SqlText {
  if (condition.parts.length === 0) return condition.kind === 'and' ? ALWAYS : NEVER;
  const parts = condition.parts.map((part) => renderCondition(module, part));
  const sql = parts.map((part) => `(${part.sql})`).join(condition.kind === 'and' ? ' AND ' : ' OR ');
  return { sql, values: parts.flatMap((part) => part.values) };
}

type Comparison = Extract<QueryCondition, { kind: 'compare' }>;

function renderComparison(module: ModuleDefinition, { field, operator, value }: Comparison): SqlText {
  const time = SYSTEM_TIMES.get(field);
  if (time !== undefined && typeof value === 'string') return compareSecond(time, operator, value);
  const to = field === 'id' ? idNumber(module, value) : comparable(value, classOf(module, field));
  const column = expressionOf(module, field);
  if (to !== undefined) return { sql: `${column} ${operator} ?`, values: [to] };
  return operator === '<>' ? { sql: `${column} IS NOT NULL`, values: [] } : NEVER;
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
function renderIn(module: ModuleDefinition, condition: Extract<QueryCondition, { kind: 'in' }>): SqlText {
  if (SYSTEM_TIMES.has(condition.field)) {
    const parts = condition.values.map((value) => ({
      ...condition,
      kind: 'compare' as const,
      operator: '=' as const,
      value,
    }));
    return joined(module, { kind: 'or', parts });
  }
  const values = condition.values.map((value) =>
    condition.field === 'id' ? idNumber(module, value) : comparable(value, classOf(module, condition.field)),
  );
  const possible = values.filter((value) => value !== undefined);
  const column = expressionOf(module, condition.field);
  if (possible.length <= SHORT_LIST) {
    return { sql: `${column} IN (${possible.map(() => '?').join(', ')})`, values: possible };
  }
  return { sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(possible)] };
}

/** The numbers behind the ids that stand at the other ends of the record's links, where these are of the module. */
function renderRelated({ prefix }: ModuleDefinition, to: RecordId): SqlText {
  const number = 'CAST(substr(other, ?) AS INTEGER)';
  const ends =
    'SELECT target AS other FROM relations WHERE source = ? UNION ALL SELECT source FROM relations WHERE target = ?';
  const start = `${prefix}x`;
  return {
    sql: `"number" IN (SELECT ${number} FROM (${ends}) WHERE substr(other, 1, ?) = ?)`,
    values: [start.length + 1, to, to, start.length, start],
  };
}

function classOf(module: ModuleDefinition, name: string): StorageClass {
  if (name === 'id' || SYSTEM_TIMES.has(name)) return 'integer';
  const field = module.fields.find((each) => each.name === name);
  if (field !== undefined) return storageClassOf(field);
  throw new MapwrightError('STORE_QUERY_INVALID', `Module ${module.name} has no field ${name}.`);
}

function expressionOf(module: ModuleDefinition, name: string): string {
  if (name === 'id') return '"number"';
  const time = SYSTEM_TIMES.get(name);
  if (time !== undefined) return time;
  classOf(module, name);
  return columnOf(name);
}

/** The value as text: ids and times as they stand on the wire, numbers without a needless `.0`. */
function textOf(module: ModuleDefinition, name: string): string {
  const column = expressionOf(module, name);
  if (name === 'id') return `(${quoted(module.prefix, "'")} || 'x' || "number")`;
  if (SYSTEM_TIMES.has(name)) return `strftime('%Y-%m-%dT%H:%M:%SZ', ${column} / 1000, 'unixepoch')`;
  // SQLite prints null as 0, and an empty number is like nothing.
  return classOf(module, name) === 'real' ? `iif(${column} IS NULL, NULL, printf('%.15g', ${column}))` : column;
}

function idNumber(module: ModuleDefinition, value: RecordValue): number | null | undefined {
  if (value === null) return null;
  const [prefix, number, ...rest] = String(value).split('x');
  if (prefix !== module.prefix || number === undefined || rest.length > 0) return undefined;
  return /^[1-9][0-9]{0,15}$/u.test(number) ? Number(number) : undefined;
}
