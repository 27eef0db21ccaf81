import type { ModuleDefinition } from '../../core/module.ts';
import type { Query } from '../../core/query.ts';
import { peopleAsRecords } from '../people-source.ts';
import { renderCondition, renderOrder } from '../query-sql.ts';
import type { QueryThread } from './query-thread.ts';
import { SQLITE } from './sqlite-dialect.ts';

/** The numbers of the users or groups that a query finds, in its order, and how many there are without its limit. */
export async function queryPeople(
  queries: QueryThread,
  params: { readonly module: ModuleDefinition; readonly query: Query },
): Promise<{ readonly numbers: readonly number[]; readonly total: number }> {
  const { module, query } = params;
  const asked = { dialect: SQLITE, module };
  const where = renderCondition(asked, query.where);
  const source = `FROM (${peopleAsRecords(SQLITE, module)}) WHERE ${where.sql}`;
  const { rows, total } = await queries.queryPage({
    sql: `SELECT "number" ${source} ${renderOrder(asked, query.order)}`,
    countSql: `SELECT count(*) ${source}`,
    values: where.values,
    limit: query.limit,
    offset: query.offset,
  });
  return { numbers: rows.map(([number]) => Number(number)), total };
}
