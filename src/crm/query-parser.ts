import { IDENTITY_MODULES } from '../core/identity-module.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { Query, QueryCondition } from '../core/query.ts';
import { QueryCursor } from './query-cursor.ts';
import { parseCondition } from './query-condition.ts';
import { queryField } from './query-field.ts';
import { unexpectedToken } from './query-token.ts';
import type { QueryToken } from './query-token.ts';
import { accessDenied } from './record-error.ts';

/** A query and the module it asks. */
export interface ParsedQuery {
  readonly module: ModuleDefinition;
  readonly query: Query;
}

const DEFAULT_LIMIT = 100;
const GREATEST_LIMIT = 10_000;
const MOST_NAMES = 500;

/**
 * Reads `select a, b|*|count(*) from Module [where ...] [order by a [asc|desc], ...] [limit [offset,] n][;]`.
 * Any text gives a query or throws a MapwrightError: QUERY_SYNTAX_ERROR with the place (QuerySyntaxError), or
 * ACCESS_DENIED for an unknown module or field. Users and Groups are modules of every install.
 */
export function parseQuery(text: string, modules: ReadonlyMap<string, ModuleDefinition>): ParsedQuery {
  const cursor = new QueryCursor(text);
  cursor.expect('select');
  const names = parseSelect(cursor);
  cursor.expect('from');
  const name = cursor.expectName('a module name').value;
  const module = IDENTITY_MODULES.get(name) ?? modules.get(name);
  if (module === undefined) throw accessDenied(name);
  const select = typeof names === 'string' ? names : names.map((field) => queryField(module, field).name);
  const where = cursor.accept('where') ? parseCondition(cursor, module) : undefined;
  const order = cursor.accept('order', 'by') ? parseOrder(cursor, module) : [];
  const page = cursor.accept('limit') ? parseLimit(cursor) : { offset: 0, limit: DEFAULT_LIMIT };
  cursor.accept(';');
  if (cursor.token.kind !== 'end') throw cursor.error(whatMayFollow({ where, order }));
  return { module, query: { module: module.name, select, where, order, ...page } };
}

function parseSelect(cursor: QueryCursor): readonly string[] | '*' | 'count' {
  if (cursor.accept('*')) return '*';
  if (cursor.accept('count', '(', '*', ')')) return 'count';
  return parseList(cursor, () => cursor.expectName('a field name, "*" or "count(*)"').value);
}

function parseOrder(cursor: QueryCursor, module: ModuleDefinition): Query['order'] {
  return parseList(cursor, () => {
    const field = queryField(module, cursor.expectName('a field name').value).name;
    const descending = cursor.accept('desc');
    if (!descending) cursor.accept('asc');
    return { field, descending };
  });
}

function parseLimit(cursor: QueryCursor): { readonly offset: number; readonly limit: number } {
  const first = cursor.next();
  if (cursor.accept(',')) {
    return { offset: countOf(first, Number.MAX_SAFE_INTEGER), limit: countOf(cursor.next(), GREATEST_LIMIT) };
  }
  return { offset: 0, limit: countOf(first, GREATEST_LIMIT) };
}

function countOf(token: QueryToken, greatest: number): number {
  const count = token.kind === 'number' && /^[0-9]+$/u.test(token.value) ? Number(token.value) : Number.NaN;
  if (!(count <= greatest)) throw unexpectedToken(token, `a whole number of at most ${greatest}`);
  return count;
}

function parseList<T>(cursor: QueryCursor, parseItem: () => T): T[] {
  const items: T[] = [];
  do {
    if (items.length === MOST_NAMES) throw cursor.error(`at most ${MOST_NAMES} names`);
    items.push(parseItem());
  } while (cursor.accept(','));
  return items;
}

function whatMayFollow(read: { readonly where: QueryCondition | undefined; readonly order: Query['order'] }): string {
  if (read.order.length > 0) return '"limit" or the end of the query';
  return read.where === undefined
    ? '"where", "order by", "limit" or the end of the query'
    : '"and", "or", "order by", "limit" or the end of the query';
}
