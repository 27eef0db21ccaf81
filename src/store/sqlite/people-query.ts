import type { ModuleDefinition } from '../../core/module.ts';
import type { Query } from '../../core/query.ts';
import { renderCondition, renderOrder } from './query-sql.ts';
import type { QueryThread } from './query-thread.ts';

/**
 * The numbers of the users or groups that a query finds, in its order, and how many there are without its limit.
 * @param params.from A SELECT of `number` and of the module's fields under the names that columns of records have.
 */
export async function queryPeople(
  queries: QueryThread,
  params: { readonly module: ModuleDefinition; readonly from: string; readonly query: Query },
): Promise<{ readonly numbers: readonly number[]; readonly total: number }> {
  const { module, from, query } = params;
  const where = renderCondition({ module }, query.where);
  const source = `FROM (${from}) WHERE ${where.sql}`;
  const { rows, total } = await queries.queryPage({
    sql: `SELECT "number" ${source} ${renderOrder({ module }, query.order)}`,
    countSql: `SELECT count(*) ${source}`,
    values: where.values,
    limit: query.limit,
    offset: query.offset,
  });
  return { numbers: rows.map(([number]) => Number(number)), total };
}
