import type { ModuleDefinition } from '../../core/module.ts';
import type { Found, FoundRecord, Query } from '../../core/query.ts';
import { renderSelect } from '../record-select.ts';
import type { RecordSelect } from '../record-select.ts';
import type { PostgresDatabase } from './database.ts';
import { POSTGRES } from './postgres-dialect.ts';
import { numberedColumns } from './record-table.ts';
import type { RecordTables } from './record-tables.ts';
import { search, searchPage } from './search.ts';

/** Answers queries of records, on connections of their own. Rejects with STORE_QUERY_INVALID or STORE_UNAVAILABLE. */
export class RecordQueries {
  readonly #searches: PostgresDatabase;
  readonly #tables: RecordTables;

  constructor(searches: PostgresDatabase, tables: RecordTables) {
    this.#searches = searches;
    this.#tables = tables;
  }

  /** The records of one page; see `RecordStore.query`. */
  async query(module: ModuleDefinition, query: Query): Promise<readonly FoundRecord[]> {
    const rendered = await this.#render(module, query);
    if (rendered === undefined) return [];
    const rows = await search(this.#searches, {
      sql: `${pageText(rendered)} LIMIT ?::bigint OFFSET ?::bigint`,
      values: [...rendered.where.values, query.limit, query.offset],
    });
    return rows.map(rendered.read);
  }

  /** The records of one page, and how many there are on all. */
  async find(module: ModuleDefinition, query: Query): Promise<Found<FoundRecord>> {
    const rendered = await this.#render(module, query);
    if (rendered === undefined) return { found: [], total: 0 };
    const { rows, total } = await searchPage(this.#searches, {
      sql: pageText(rendered),
      countSql: countText(rendered),
      values: rendered.where.values,
      limit: query.limit,
      offset: query.offset,
    });
    return { found: rows.map(rendered.read), total };
  }

  /** How many records there are, whatever the page. */
  async count(module: ModuleDefinition, query: Query): Promise<number> {
    const rendered = await this.#render(module, query);
    if (rendered === undefined) return 0;
    const [row] = await search(this.#searches, { sql: countText(rendered), values: rendered.where.values });
    return Number(row?.[0]);
  }

  async #render(module: ModuleDefinition, query: Query): Promise<RecordSelect | undefined> {
    const table = await this.#tables.forReading(module);
    if (table === undefined) return undefined;
    const behind = (query.joins ?? []).flatMap((join) => join.modules);
    const there = new Set<ModuleDefinition>();
    for (const joined of behind) if ((await this.#tables.forReading(joined)) !== undefined) there.add(joined);
    return renderSelect(POSTGRES, query, { module, columns: table.columns, hasTable: (joined) => there.has(joined) });
  }
}

function pageText({ select, from, where, order }: RecordSelect): string {
  return `SELECT ${numberedColumns(select)} FROM ${from} WHERE ${where.sql} ${order}`;
}

function countText({ from, where }: RecordSelect): string {
  return `SELECT count(*) AS c0 FROM ${from} WHERE ${where.sql}`;
}
