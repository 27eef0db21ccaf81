import { DOCUMENT_MODULES } from '../core/document-module.ts';
import { IDENTITY_MODULES } from '../core/identity-module.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { Query, QueryCondition } from '../core/query.ts';
import { QueryCursor } from './query-cursor.ts';
import { parseCondition } from './query-condition.ts';
import { QueryScope } from './query-scope.ts';
import type { JoinedColumn } from './query-scope.ts';
import { unexpectedToken } from './query-token.ts';
import type { QueryToken } from './query-token.ts';
import { accessDenied } from './record-error.ts';

/** A query and the module it asks. */
export interface ParsedQuery {
  readonly module: ModuleDefinition;
  readonly query: Query;
  /** The selected fields that lie behind references, by the names that `query.select` has for them. */
  readonly joined: ReadonlyMap<string, JoinedColumn>;
  /** True when it asks about users what only administrators may know of others. */
  readonly asksAboutUsers: boolean;
}

const DEFAULT_LIMIT = 100;
const GREATEST_LIMIT = 10_000;
const MOST_NAMES = 500;

/**
 * Reads `select [distinct] a, b|*|count(*) from Module [where ...] [order by a [asc|desc], ...] [limit [offset,] n][;]`.
 * Fields may lie behind references: `vendor_id.vendorname`, `Vendors.vendorname`.
 * Any text gives a query or throws a MapwrightError: QUERY_SYNTAX_ERROR with the place (QuerySyntaxError), ACCESS_DENIED
 * for an unknown module or field, INVALID_MODULE for a module that is not referred to, INVALID_ID_ATTRIBUTE for
 * `related` with an id of another module. Users and Groups are modules of every install.
 */
export function parseQuery(text: string, modules: ReadonlyMap<string, ModuleDefinition>): ParsedQuery {
  const cursor = new QueryCursor(text);
  cursor.expect('select');
  // Rows differ by their ids anyway, which always come along.
  if (!mayFollowName(cursor.tokenAfter)) cursor.accept('distinct');
  const paths = parseSelect(cursor);
  cursor.expect('from');
  const name = cursor.expectName('a module name').value;
  const module = IDENTITY_MODULES.get(name) ?? modules.get(name) ?? DOCUMENT_MODULES.get(name);
  if (module === undefined) throw accessDenied(name);
  const scope = new QueryScope(module, modules);
  const selected = typeof paths === 'string' ? [] : paths.map((path) => scope.resolve(path));
  const where = cursor.accept('where') ? parseCondition(cursor, scope) : undefined;
  const order = cursor.accept('order', 'by') ? parseOrder(cursor, scope) : [];
  const page = cursor.accept('limit') ? parseLimit(cursor) : { offset: 0, limit: DEFAULT_LIMIT };
  cursor.accept(';');
  if (cursor.token.kind !== 'end') throw cursor.error(whatMayFollow({ where, order }));
  const behind = selected.filter((field) => field.name.includes('.'));
  const select = typeof paths === 'string' ? paths : selected.map((field) => field.name);
  const { joins } = scope;
  return {
    module,
    query: { module: module.name, select, ...(joins.length === 0 ? {} : { joins }), where, order, ...page },
    joined: new Map(behind.map((field) => [field.name, { ...field, key: scope.keyOf(field.name) }])),
    asksAboutUsers: scope.asksAboutUsers,
  };
}

/** True when what comes before is the name of a field, even when it reads `distinct`. */
function mayFollowName({ kind, value }: QueryToken): boolean {
  return kind === 'end' || value === ',' || value === '.' || (kind === 'word' && value.toLowerCase() === 'from');
}

function parseSelect(cursor: QueryCursor): readonly (readonly string[])[] | '*' | 'count' {
  if (cursor.accept('*')) return '*';
  if (cursor.accept('count', '(', '*', ')')) return 'count';
  return parseList(cursor, () => cursor.expectPath('a field name, "*" or "count(*)"'));
}

function parseOrder(cursor: QueryCursor, scope: QueryScope): Query['order'] {
  return parseList(cursor, () => {
    const field = scope.readField(cursor).name;
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
  const offset = cursor.accept('offset') ? countOf(cursor.next(), Number.MAX_SAFE_INTEGER) : 0;
  return { offset, limit: countOf(first, GREATEST_LIMIT) };
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
