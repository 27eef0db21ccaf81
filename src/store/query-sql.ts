import type { ModuleDefinition } from '../core/module.ts';
import type { Query, QueryComparison, QueryCondition } from '../core/query.ts';
import type { RecordId, RecordValue } from '../core/record.ts';
import { canonicalLikePattern } from './like-pattern.ts';
import { MAIN, operandOf } from './query-source.ts';
import type { QuerySource } from './query-source.ts';
import type { Operand } from './sql-dialect.ts';
import { quoted } from './sql-text.ts';
import type { SqlText, SqlValue } from './sql-text.ts';
import { comparable } from './storage-class.ts';

const NEVER: SqlText = { sql: '1 = 0', values: [] };
const ALWAYS: SqlText = { sql: '1 = 1', values: [] };

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
      return renderLike(source, condition);
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
  const parts = order.map(({ field, descending }) => source.dialect.order(operandOf(source, field), descending));
  return `ORDER BY ${[...parts, `${numberOf(source)} ASC`].join(', ')}`;
}

function joined(source: QuerySource, condition: Extract<QueryCondition, { kind: 'and' | 'or' }>): SqlText {
  if (condition.parts.length === 0) return condition.kind === 'and' ? ALWAYS : NEVER;
  const parts = condition.parts.map((part) => renderCondition(source, part));
  const joint = condition.kind === 'and' ? ' AND ' : ' OR ';
  const sql = chained(
    parts.map((part) => part.sql),
    joint,
  );
  return { sql, values: parts.flatMap((part) => part.values) };
}

/** A chain is as deep for SQLite as it is long, and it takes 1,000 levels: a longer one is made of chains. */
const LONGEST_CHAIN = 200;

function chained(parts: readonly string[], joint: string): string {
  if (parts.length <= LONGEST_CHAIN) return parts.map((part) => `(${part})`).join(joint);
  const chains: string[] = [];
  for (let at = 0; at < parts.length; at += LONGEST_CHAIN) {
    chains.push(chained(parts.slice(at, at + LONGEST_CHAIN), joint));
  }
  return chained(chains, joint);
}

type Comparison = Extract<QueryCondition, { kind: 'compare' }>;

function renderComparison(source: QuerySource, { field, operator, value }: Comparison): SqlText {
  const operand = operandOf(source, field);
  if (operand.as === 'time' && typeof value === 'string') return compareSecond(operand.sql, operator, value);
  const to = storedValue(source.module, operand, value);
  if (to !== undefined) return source.dialect.compare(operand, operator, to);
  return operator === '<>' ? { sql: `${operand.sql} IS NOT NULL`, values: [] } : NEVER;
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

function renderIn(source: QuerySource, condition: Extract<QueryCondition, { kind: 'in' }>): SqlText {
  const operand = operandOf(source, condition.field);
  if (operand.as === 'time') {
    const parts = condition.values.map((value) => ({
      ...condition,
      kind: 'compare' as const,
      operator: '=' as const,
      value,
    }));
    return joined(source, { kind: 'or', parts });
  }
  const possible = condition.values.flatMap((value) => {
    const stored = storedValue(source.module, operand, value);
    // No field of whole numbers has another one.
    return stored === undefined || (operand.as === 'integer' && !isWhole(stored)) ? [] : [stored];
  });
  return source.dialect.among(operand, possible);
}

function renderLike(source: QuerySource, { field, pattern }: Extract<QueryCondition, { kind: 'like' }>): SqlText {
  const text = textOf(source, operandOf(source, field));
  if (pattern.includes('\u0000')) return NEVER;
  return { sql: source.dialect.like(text), values: [canonicalLikePattern(pattern)] };
}

/** The numbers behind the ids that stand at the other ends of the records' links, where these are of the module. */
function renderRelated(source: QuerySource, to: readonly RecordId[]): SqlText {
  const { dialect, module } = source;
  const ids = to.filter((id) => !id.includes('\u0000'));
  const from = dialect.among({ sql: 'source', as: 'text' }, ids);
  const into = dialect.among({ sql: 'target', as: 'text' }, ids);
  const ends = `SELECT target AS other FROM relations WHERE ${from.sql} UNION ALL SELECT source FROM relations WHERE ${into.sql}`;
  const start = `${module.prefix}x`;
  const isOne = `substr(other, 1, ${start.length}) = ${quoted(start, "'")}`;
  return {
    sql: `${numberOf(source)} IN (SELECT ${dialect.numberIn('other', start.length + 1)} FROM (${ends}) AS ends WHERE ${isOne})`,
    values: [...from.values, ...into.values],
  };
}

function numberOf({ joins = [] }: QuerySource): string {
  return joins.length === 0 ? '"number"' : `${MAIN}."number"`;
}

/** A value as the database keeps it; undefined when such a field can hold none of it. */
function storedValue(module: ModuleDefinition, { as }: Operand, value: RecordValue): SqlValue | undefined {
  if (as === 'id') return idNumber(module, value);
  return comparable(value, as === 'time' ? 'integer' : as);
}

function isWhole(value: SqlValue): boolean {
  return value === null || Number.isInteger(value);
}

/** The value as text: ids and times as they stand on the wire, numbers without a needless `.0`. */
function textOf({ dialect, module }: QuerySource, operand: Operand): string {
  if (operand.as === 'text') return operand.sql;
  if (operand.as !== 'id') return dialect.textOf(operand);
  return `(${quoted(`${module.prefix}x`, "'")} || ${operand.sql})`;
}

function idNumber(module: ModuleDefinition, value: RecordValue): number | null | undefined {
  if (value === null) return null;
  const [prefix, number, ...rest] = String(value).split('x');
  if (prefix !== module.prefix || number === undefined || rest.length > 0) return undefined;
  return /^[1-9][0-9]{0,15}$/u.test(number) ? Number(number) : undefined;
}
