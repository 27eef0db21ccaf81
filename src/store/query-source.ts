import { MapwrightError } from '../core/error.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { Query, QueryJoin } from '../core/query.ts';
import type { RecordValue } from '../core/record.ts';
import { peopleAsRecords } from './people-source.ts';
import { columnName, tableName } from './record-names.ts';
import type { Operand, SqlDialect } from './sql-dialect.ts';
import { quoted } from './sql-text.ts';
import { isLongTitle, storageClassOf } from './storage-class.ts';

/** What the names in a query stand for: the fields of its module, and of the records behind its references. */
export interface QuerySource {
  readonly dialect: SqlDialect;
  readonly module: ModuleDefinition;
  readonly joins?: readonly QueryJoin[] | undefined;
}

/** The name of the queried module's table in a statement with joins. */
export const MAIN = '"r"';

const SYSTEM_TIMES: ReadonlyMap<string, string> = new Map([
  ['createdtime', '"created_at"'],
  ['modifiedtime', '"modified_at"'],
]);

/** The field a name stands for. Throws STORE_QUERY_INVALID when there is none. */
export function operandOf({ dialect, module, joins = [] }: QuerySource, name: string): Operand {
  const of = (target: ModuleDefinition, before: string, field: string) =>
    operandIn(dialect, target, { before, name: field });
  const dot = name.lastIndexOf('.');
  if (dot < 0) return of(module, joins.length === 0 ? '' : `${MAIN}.`, name) ?? unknown(module, name);
  const index = joins.findIndex((join) => join.name === name.slice(0, dot));
  const targets = joins[index]?.modules ?? [];
  const found = targets.flatMap((target, n) => of(target, `${aliasOf(index, n)}.`, name.slice(dot + 1)) ?? []);
  const [first] = found;
  if (first === undefined) return unknown(module, name);
  return found.length === 1 ? first : firstOf(dialect, found);
}

/** The one operand that is not null: as a number where all are numbers, otherwise as text where they are of several kinds. */
function firstOf(dialect: SqlDialect, operands: readonly Operand[]): Operand {
  const kinds = new Set(operands.map(({ as }) => as));
  const [only = 'text'] = kinds;
  const isNumber = [...kinds].every((kind) => kind === 'integer' || kind === 'real');
  const as = kinds.size === 1 ? only : isNumber ? 'real' : 'text';
  const parts = operands.map((operand) => (as === operand.as || isNumber ? operand.sql : dialect.textOf(operand)));
  return { as, sql: `coalesce(${parts.join(', ')})` };
}

/** The value of a selected field as records keep it. */
export function valueOf({ as }: Operand, stored: RecordValue): RecordValue {
  if (stored === null) return null;
  if (as === 'boolean') return stored !== 0;
  return as === 'time' ? `${new Date(Number(stored)).toISOString().slice(0, -5)}Z` : stored;
}

/**
 * ` LEFT JOIN ...` for each join of a query, to stand after its table, which is called `MAIN` then; empty when there is
 * none. A module without a table is as one without records.
 */
function renderJoins(source: QuerySource, hasTable: (module: ModuleDefinition) => boolean): string {
  const joins = (source.joins ?? []).flatMap((join, index) =>
    join.modules.map((module, n) => renderJoin(source, { join, module, alias: aliasOf(index, n), hasTable })),
  );
  return joins.join('');
}

/** The queried module's table with all that the query looks at beside it. */
export function renderFrom(query: Query, source: QuerySource, hasTable: (module: ModuleDefinition) => boolean): string {
  const table = source.dialect.identifier(tableName(source.module));
  return query.joins === undefined ? table : `${table} AS ${MAIN}${renderJoins(source, hasTable)}`;
}

/** Said from both ends, so that either may be read first, by its index. */
function renderJoin(
  source: QuerySource,
  params: {
    readonly join: QueryJoin;
    readonly module: ModuleDefinition;
    readonly alias: string;
    readonly hasTable: (module: ModuleDefinition) => boolean;
  },
): string {
  const { join, module, alias, hasTable } = params;
  const through = operandOf(source, join.through).sql;
  const start = `${module.prefix}x`;
  const id = `${quoted(start, "'")} || ${alias}."number"`;
  const number = source.dialect.numberIn(through, start.length + 1);
  return ` LEFT JOIN ${tableOf(source.dialect, module, hasTable)} AS ${alias} ON ${through} = ${id} AND ${alias}."number" = ${number}`;
}

function tableOf(
  dialect: SqlDialect,
  module: ModuleDefinition,
  hasTable: (module: ModuleDefinition) => boolean,
): string {
  const people = peopleAsRecords(dialect, module);
  if (people !== undefined) return `(${people})`;
  if (hasTable(module)) return dialect.identifier(tableName(module));
  const { types } = dialect;
  const columns = [
    ...['number', 'created_at', 'modified_at'].map((name) => [name, types.integer] as const),
    ...module.fields.map((field) => [columnName(field.name), types[storageClassOf(field)]] as const),
  ];
  const nulls = columns.map(([name, type]) => `CAST(NULL AS ${type}) AS ${dialect.identifier(name)}`);
  return `(SELECT ${nulls.join(', ')} WHERE 1 = 0)`;
}

function aliasOf(join: number, module: number): string {
  return quoted(`j${join}_${module}`);
}

function operandIn(
  dialect: SqlDialect,
  module: ModuleDefinition,
  { before, name }: { readonly before: string; readonly name: string },
): Operand | undefined {
  if (name === 'id') return { sql: `${before}"number"`, as: 'id' };
  const time = SYSTEM_TIMES.get(name);
  if (time !== undefined) return { sql: `${before}${time}`, as: 'time' };
  const field = module.fields.find((each) => each.name === name);
  if (field === undefined) return undefined;
  const sql = before + dialect.identifier(columnName(name));
  return { sql, as: storageClassOf(field), isTitle: isLongTitle(field, module.title) };
}

function unknown(module: ModuleDefinition, name: string): never {
  throw new MapwrightError('STORE_QUERY_INVALID', `Module ${module.name} has no field ${name}.`);
}
