import type { ModuleDefinition } from '../../core/module.ts';
import type { Query } from '../../core/query.ts';
import { peopleAsRecords } from '../people-source.ts';
import { renderCondition, renderOrder } from '../query-sql.ts';
import type { PostgresDatabase } from './database.ts';
import { POSTGRES } from './postgres-dialect.ts';
import { searchPage } from './search.ts';

/** The numbers of the users or groups that a query finds, in its order, and how many there are without its limit. */
export async function queryPeople(
  searches: PostgresDatabase,
  params: { readonly module: ModuleDefinition; readonly query: Query },
): Promise<{ readonly numbers: readonly number[]; readonly total: number }> {
  const { module, query } = params;
  const asked = { dialect: POSTGRES, module };
  const where = renderCondition(asked, query.where);
  const source = `FROM (${peopleAsRecords(POSTGRES, module)}) AS people WHERE ${where.sql}`;
  const { rows, total } = await searchPage(searches, {
    sql: `SELECT "number" AS c0 ${source} ${renderOrder(asked, query.order)}`,
    countSql: `SELECT count(*) AS c0 ${source}`,
    values: where.values,
    limit: query.limit,
    offset: query.offset,
  });
  return { numbers: rows.map(([number]) => Number(number)), total };
}
