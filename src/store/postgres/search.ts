import { MapwrightError, messageOf } from '../../core/error.ts';
import type { SqlText } from '../sql-text.ts';
import type { PostgresDatabase, Session } from './database.ts';
import { numbered } from './postgres-dialect.ts';
import { rowOf } from './record-table.ts';
import type { NumberedRow } from './record-table.ts';
import type { RecordRow } from '../record-rows.ts';
import { sqlState } from './sql-state.ts';

/** A query of which one page is wanted, and how many rows there are; the values are those of both texts. */
export interface PageQuery extends SqlText {
  readonly countSql: string;
  readonly limit: number;
  readonly offset: number;
}

const MOST_VALUES = 32_766;
/** Page and number of rows are told of one moment. */
const ONE_MOMENT = 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY';
const QUERY_CANCELED = '57014';

/**
 * The rows of a generated statement; its columns are called `c0`, `c1` and so on, its values stand for `?`.
 * Rejects with STORE_QUERY_INVALID for one that is too large, deep or slow, otherwise with STORE_UNAVAILABLE.
 */
export async function search(searches: Session, { sql, values }: SqlText): Promise<readonly RecordRow[]> {
  requireFewValues(values);
  try {
    return (await searches.all<NumberedRow>(numbered(sql), values)).map(rowOf);
  } catch (thrown) {
    throw searchFailure(thrown);
  }
}

/** As `search`, with the number of all rows of the same moment; they are only counted where the page does not tell it. */
export function searchPage(
  searches: PostgresDatabase,
  { sql, countSql, values, limit, offset }: PageQuery,
): Promise<{ readonly rows: readonly RecordRow[]; readonly total: number }> {
  return searches.transaction(async (session) => {
    const [, rows] = await Promise.all([
      session.run(ONE_MOMENT),
      search(session, { sql: `${sql} LIMIT ?::bigint OFFSET ?::bigint`, values: [...values, limit, offset] }),
    ]);
    if (rows.length < limit && (rows.length > 0 || offset === 0)) return { rows, total: offset + rows.length };
    const [row] = await search(session, { sql: countSql, values });
    return { rows, total: Number(row?.[0]) };
  });
}

function requireFewValues(values: readonly unknown[]): void {
  if (values.length > MOST_VALUES) throw invalidQuery(`it holds ${values.length} values; ${MOST_VALUES} are possible`);
}

/** Classes 22 and 54: what the statement holds is nothing for its types, or exceeds a limit of the server. */
function searchFailure(thrown: unknown): unknown {
  const state = sqlState(thrown) ?? '';
  if (state === QUERY_CANCELED) return invalidQuery('it takes too long', thrown);
  return /^(?:22|54)/u.test(state) ? invalidQuery(messageOf(thrown), thrown) : thrown;
}

function invalidQuery(why: string, cause?: unknown): MapwrightError {
  return new MapwrightError('STORE_QUERY_INVALID', `The query cannot be run: ${why}.`, {
    hint: 'Ask for less in one query.',
    ...(cause === undefined ? {} : { cause }),
  });
}
