import type { QueryComparison, QueryCondition } from '../core/query.ts';
import type { QueryCursor } from './query-cursor.ts';
import { queryPattern, queryValue } from './query-field.ts';
import type { QueryField } from './query-field.ts';
import type { QueryScope } from './query-scope.ts';

const DEEPEST_NESTING = 32;
/** Databases bound the number of terms of one statement. */
const MOST_COMPARISONS = 200;
const MOST_LISTED = 1_000;

const COMPARISONS: ReadonlyMap<string, QueryComparison> = new Map([
  ['=', '='],
  ['!=', '<>'],
  ['<>', '<>'],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);

/**
 * Reads what follows `where`: comparisons joined by `and`, which binds closer than `or`, `not`, parentheses.
 * Throws QuerySyntaxError, and ACCESS_DENIED for an unknown field.
 */
export function parseCondition(cursor: QueryCursor, scope: QueryScope): QueryCondition {
  return parseOr({ cursor, scope, budget: { comparisons: MOST_COMPARISONS, listed: MOST_LISTED } }, DEEPEST_NESTING);
}

interface Reading {
  readonly cursor: QueryCursor;
  readonly scope: QueryScope;
  readonly budget: { comparisons: number; listed: number };
}

function parseOr(reading: Reading, depth: number): QueryCondition {
  const parts = [parseAnd(reading, depth)];
  while (reading.cursor.accept('or')) parts.push(parseAnd(reading, depth));
  return joined('or', parts);
}

function parseAnd(reading: Reading, depth: number): QueryCondition {
  const parts = [parseTerm(reading, depth)];
  while (reading.cursor.accept('and')) parts.push(parseTerm(reading, depth));
  return joined('and', parts);
}

function parseTerm(reading: Reading, depth: number): QueryCondition {
  const { cursor } = reading;
  if (depth === 0) throw cursor.error(`at most ${DEEPEST_NESTING} levels of parentheses and "not"`);
  if (cursor.accept('not')) return negated(parseTerm(reading, depth - 1));
  if (!cursor.accept('(')) return parseComparison(reading);
  const inner = parseOr(reading, depth - 1);
  cursor.expect(')');
  return inner;
}

function parseComparison(reading: Reading): QueryCondition {
  const { cursor, scope, budget } = reading;
  if (budget.comparisons-- === 0) throw cursor.error(`at most ${MOST_COMPARISONS} comparisons`);
  const related = scope.readRelated(cursor);
  if (related !== undefined) return related;
  const field = scope.readField(cursor);
  if (cursor.accept('is', 'not')) return negated(equality(field, queryValue(field, cursor.next())));
  if (cursor.accept('is')) return equality(field, queryValue(field, cursor.next()));
  if (cursor.accept('not', 'like')) return negated(parseLike(cursor, field));
  if (cursor.accept('like')) return parseLike(cursor, field);
  if (cursor.accept('not', 'in')) return negated(parseIn(reading, field));
  if (cursor.accept('in')) return parseIn(reading, field);
  const operator = cursor.token.kind === 'symbol' ? COMPARISONS.get(cursor.token.value) : undefined;
  if (operator === undefined) throw cursor.error('a comparison (=, !=, <, <=, >, >=, like, in, is null)');
  cursor.next();
  const value = queryValue(field, cursor.next());
  if (operator === '=') return equality(field, value);
  if (operator === '<>') return negated(equality(field, value));
  return value === null ? orderAgainstEmpty(field, operator) : { kind: 'compare', field: field.name, operator, value };
}

/** Nothing is less than an empty field, as in the order of a list: `email > ''` asks for all that have one. */
function orderAgainstEmpty(field: QueryField, operator: Exclude<QueryComparison, '=' | '<>'>): QueryCondition {
  switch (operator) {
    case '>':
      return negated(isNull(field));
    case '<=':
      return isNull(field);
    case '>=':
      return { kind: 'and', parts: [] };
    case '<':
      return { kind: 'or', parts: [] };
  }
}

function parseLike(cursor: QueryCursor, field: QueryField): QueryCondition {
  return { kind: 'like', field: field.name, pattern: queryPattern(field, cursor.next()) };
}

function parseIn(reading: Reading, field: QueryField): QueryCondition {
  const { cursor, budget } = reading;
  cursor.expect('(');
  const values = [];
  do {
    if (budget.listed-- === 0) throw cursor.error(`at most ${MOST_LISTED} values in lists`);
    values.push(queryValue(field, cursor.next()));
  } while (cursor.accept(','));
  cursor.expect(')');
  const present = values.filter((value) => value !== null);
  const listed: QueryCondition = { kind: 'in', field: field.name, values: present };
  if (present.length === values.length) return listed;
  return present.length === 0 ? isNull(field) : joined('or', [isNull(field), listed]);
}

/** Empty fields are stored as null, so that comparing with `''` means asking for null. */
function equality(field: QueryField, value: string | number | boolean | null): QueryCondition {
  return value === null ? isNull(field) : { kind: 'compare', field: field.name, operator: '=', value };
}

function isNull(field: QueryField): QueryCondition {
  return { kind: 'null', field: field.name };
}

function joined(kind: 'and' | 'or', parts: readonly QueryCondition[]): QueryCondition {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind, parts };
}

/**
 * The opposite, with negations only right above comparisons and every one true for an empty field: clients know only
 * true and false, where SQL would leave out records whose field is null from `a <> 'x'` and `not (a = 'x')` alike.
 */
function negated(condition: QueryCondition): QueryCondition {
  switch (condition.kind) {
    case 'and':
      return joined('or', condition.parts.map(negated));
    case 'or':
      return joined('and', condition.parts.map(negated));
    case 'not':
      return condition.part;
    case 'null':
    case 'related':
      return { kind: 'not', part: condition };
    default:
      return negatedComparison(condition);
  }
}

function negatedComparison(condition: Extract<QueryCondition, { field: string }>): QueryCondition {
  const empty: QueryCondition = { kind: 'null', field: condition.field };
  if (condition.kind === 'compare' && condition.operator === '=') {
    return joined('or', [empty, { ...condition, operator: '<>' }]);
  }
  return joined('or', [empty, { kind: 'not', part: condition }]);
}
