import type { ModuleDefinition } from '../core/module.ts';
import type { FoundRecord, Query } from '../core/query.ts';
import { renderCondition, renderOrder } from './query-sql.ts';
import { MAIN, operandOf, renderFrom, valueOf } from './query-source.ts';
import type { QuerySource } from './query-source.ts';
import { imageOf } from './record-rows.ts';
import type { RecordRow } from './record-rows.ts';
import type { Operand, SqlDialect } from './sql-dialect.ts';
import type { SqlText } from './sql-text.ts';

/** A query as the parts of statements: what to select, from where, under what condition, and how to read a row. */
export interface RecordSelect {
  readonly select: readonly string[];
  readonly from: string;
  readonly where: SqlText;
  readonly order: string;
  readonly read: (row: RecordRow) => FoundRecord;
}

/**
 * Renders a query of one module's records. Throws STORE_QUERY_INVALID for a field that is not there.
 * @param params.columns The columns of whole rows, as `rowColumns` gives them.
 * @param params.hasTable Whether a module behind a reference has a table.
 */
export function renderSelect(
  dialect: SqlDialect,
  query: Query,
  params: {
    readonly module: ModuleDefinition;
    readonly columns: readonly string[];
    readonly hasTable: (module: ModuleDefinition) => boolean;
  },
): RecordSelect {
  const { module, columns, hasTable } = params;
  const source: QuerySource = { dialect, module, joins: query.joins };
  const common = {
    from: renderFrom(query, source, hasTable),
    where: renderCondition(source, query.where),
    order: renderOrder(source, query.order),
  };
  if (query.joins === undefined) return { ...common, select: columns, read: (row) => imageOf(module, row) };
  const names = typeof query.select === 'string' ? [] : query.select.filter((name) => name.includes('.'));
  const operands = names.map((name) => [name, operandOf(source, name)] as const);
  const own = columns.map((column) => (column === 'NULL' ? column : `${MAIN}.${column}`));
  return {
    ...common,
    select: [...own, ...operands.map(([, { sql }]) => sql)],
    read: (row) => ({ ...imageOf(module, row), joined: readJoined(operands, row.slice(own.length)) }),
  };
}

function readJoined(
  operands: readonly (readonly [name: string, operand: Operand])[],
  values: RecordRow,
): NonNullable<FoundRecord['joined']> {
  return Object.fromEntries(operands.map(([name, operand], index) => [name, valueOf(operand, values[index] ?? null)]));
}
