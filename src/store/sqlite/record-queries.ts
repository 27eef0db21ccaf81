import type { ModuleDefinition } from '../../core/module.ts';
import type { Found, FoundRecord, Query } from '../../core/query.ts';
import type { RecordId, RecordImage } from '../../core/record.ts';
import type { SqliteDatabase } from './database.ts';
import { renderCondition } from '../query-sql.ts';
import type { RecordRow } from '../record-rows.ts';
import { renderSelect } from '../record-select.ts';
import type { RecordSelect } from '../record-select.ts';
import type { SqlText, SqlValue } from '../sql-text.ts';
import type { QueryThread } from './query-thread.ts';
import { narrowingOf } from './query-narrowing.ts';
import type { RecordTable } from './record-table.ts';
import type { RecordTables } from './record-tables.ts';
import { SQLITE } from './sqlite-dialect.ts';

/** What queries of records are answered with. */
export interface RecordQueryParts {
  readonly db: SqliteDatabase;
  readonly tables: RecordTables;
  readonly queries: QueryThread;
}

/** How a query is answered from one table. */
interface Plan {
  readonly table: RecordTable;
  readonly rendered: RecordSelect;
  /** Set when an index may lead to few rows: all rows of the query, and how many its index leads to. */
  readonly narrow: { readonly rows: SqlText; readonly candidates: SqlText | undefined } | undefined;
}

/** An index that leads to more rows than this is left to the reader thread: other work waits for this one. */
const MOST_CANDIDATES = 100;
const MOST_STATEMENTS = 200;

/**
 * Answers queries of records. What an index narrows to a few rows is answered at once, on this thread: handing it to
 * another takes many times longer than the answer. Anything else goes to the reader thread, which may take its time.
 */
export class RecordQueries {
  readonly #db: SqliteDatabase;
  readonly #tables: RecordTables;
  readonly #queries: QueryThread;
  readonly #statements = new Map<string, ReturnType<typeof prepare>>();
  /** Who asks the same again passes the same query, which never changes. */
  readonly #plans = new WeakMap<Query, Plan>();

  constructor({ db, tables, queries }: RecordQueryParts) {
    this.#db = db;
    this.#tables = tables;
    this.#queries = queries;
  }

  /** The records of one page; see `RecordStore.query`. */
  async query(module: ModuleDefinition, query: Query): Promise<readonly FoundRecord[]> {
    const plan = this.#plan(module, query);
    if (plan === undefined) return [];
    const { select, from, where, order, read } = plan.rendered;
    const few = this.#fewRows(plan);
    if (few !== undefined) return pageOf(few, query).map(read);
    const rows = await this.#queries.query({
      sql: `SELECT ${select.join(', ')} FROM ${from} WHERE ${where.sql} ${order} LIMIT ? OFFSET ?`,
      values: [...where.values, query.limit, query.offset],
    });
    return rows.map(read);
  }

  /** The records of one page, and how many there are on all. */
  async find(module: ModuleDefinition, query: Query): Promise<Found<FoundRecord>> {
    const plan = this.#plan(module, query);
    if (plan === undefined) return { found: [], total: 0 };
    const id = query.joins === undefined ? idWanted(query.where) : undefined;
    if (id !== undefined) return pageOfOne(plan.table.read(id), query);
    const { select, from, where, order, read } = plan.rendered;
    const few = this.#fewRows(plan);
    if (few !== undefined) return { found: pageOf(few, query).map(read), total: few.length };
    const { rows, total } = await this.#queries.queryPage({
      sql: `SELECT ${select.join(', ')} FROM ${from} WHERE ${where.sql} ${order}`,
      countSql: `SELECT count(*) FROM ${from} WHERE ${where.sql}`,
      values: where.values,
      limit: query.limit,
      offset: query.offset,
    });
    return { found: rows.map(read), total };
  }

  /** How many records there are, whatever the page. */
  async count(module: ModuleDefinition, query: Query): Promise<number> {
    const plan = this.#plan(module, query);
    if (plan === undefined) return 0;
    const few = this.#fewRows(plan);
    if (few !== undefined) return few.length;
    const { from, where } = plan.rendered;
    const rows = await this.#queries.query({
      sql: `SELECT count(*) FROM ${from} WHERE ${where.sql}`,
      values: where.values,
    });
    return Number(rows[0]?.[0]);
  }

  #plan(module: ModuleDefinition, query: Query): Plan | undefined {
    const table = this.#tables.forReading(module);
    if (table === undefined) return undefined;
    const known = this.#plans.get(query);
    if (known?.table === table) return known;
    const hasTable = (joined: ModuleDefinition) => this.#tables.forReading(joined) !== undefined;
    const rendered = renderSelect(SQLITE, query, { module: table.module, columns: table.columns, hasTable });
    const plan = { table, rendered, narrow: narrowRows(table, query, rendered) };
    this.#plans.set(query, plan);
    return plan;
  }

  /** All rows of the query, whatever the page, when an index leads to few; undefined otherwise. */
  #fewRows({ narrow }: Plan): readonly RecordRow[] | undefined {
    if (narrow === undefined) return undefined;
    const { rows, candidates } = narrow;
    if (candidates !== undefined && Number(this.#all(candidates)[0]?.[0]) > MOST_CANDIDATES) return undefined;
    const found = this.#all(rows);
    if (candidates !== undefined) return found;
    return found.length > MOST_CANDIDATES ? undefined : found.toSorted(([one], [other]) => Number(one) - Number(other));
  }

  #all({ sql, values }: SqlText): RecordRow[] {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      if (this.#statements.size >= MOST_STATEMENTS) this.#statements.clear();
      statement = prepare(this.#db, sql);
      this.#statements.set(sql, statement);
    }
    return statement.all(...values);
  }
}

function narrowRows(table: RecordTable, query: Query, rendered: RecordSelect): Plan['narrow'] {
  const narrowing = narrowingOf(table.module, query);
  if (narrowing === undefined) return undefined;
  const { select, from, where, order } = rendered;
  const sql = `SELECT ${select.join(', ')} FROM ${from} WHERE ${where.sql}`;
  const some = `LIMIT ${MOST_CANDIDATES + 1}`;
  // Not put in order, no more rows are read than these, and they tell themselves whether they are few.
  if (narrowing.isWhole) return { rows: { sql: `${sql} ${some}`, values: where.values }, candidates: undefined };
  const part = renderCondition({ dialect: SQLITE, module: table.module }, narrowing.condition);
  const candidates = `SELECT count(*) FROM (SELECT 1 FROM ${table.name} WHERE ${part.sql} ${some})`;
  return {
    rows: { sql: `${sql} ${order}`, values: where.values },
    candidates: { sql: candidates, values: part.values },
  };
}

function prepare(db: SqliteDatabase, sql: string) {
  return db.prepare<SqlValue[], RecordRow>(sql).raw();
}

function pageOf<T>(rows: readonly T[], { offset, limit }: Query): readonly T[] {
  return rows.slice(offset, offset + limit);
}

function pageOfOne(image: RecordImage | undefined, query: Query): Found<RecordImage> {
  const found = image === undefined ? [] : [image];
  return { found: pageOf(found, query), total: found.length };
}

/** Set when a condition says `id = '14x1'` and nothing else. */
function idWanted(where: Query['where']): RecordId | undefined {
  if (where?.kind !== 'compare' || where.field !== 'id' || where.operator !== '=') return undefined;
  return typeof where.value === 'string' ? where.value : undefined;
}
