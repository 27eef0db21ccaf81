import { MapwrightError } from '../../core/error.ts';
import { GROUPS, USERS } from '../../core/identity-module.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import type { Query, QueryJoin } from '../../core/query.ts';
import type { RecordValue } from '../../core/record.ts';
import { storageClassOf } from '../storage-class.ts';
import type { StorageClass } from '../storage-class.ts';
import { columnOf, quoted, tableName } from './record-names.ts';

/** What the names in a query stand for: the fields of its module, and of the records behind its references. */
export interface QuerySource {
  readonly module: ModuleDefinition;
  readonly joins?: readonly QueryJoin[] | undefined;
}

/** A field in SQL. */
export interface Operand {
  readonly sql: string;
  /** `id` is the number of a record, `time` milliseconds since the epoch. */
  readonly as: StorageClass | 'id' | 'time';
}

/** The name of the queried module's table in a statement with joins. */
export const MAIN = '"r"';

const SYSTEM_TIMES: ReadonlyMap<string, string> = new Map([
  ['createdtime', '"created_at"'],
  ['modifiedtime', '"modified_at"'],
]);

/** The users with columns under the names of the fields of the module Users; an empty text is null, as in records. */
export const USERS_AS_RECORDS = `SELECT number, name AS f_user_name, nullif(first_name, '') AS f_first_name,
  nullif(last_name, '') AS f_last_name, nullif(email, '') AS f_email1, iif(admin, 'on', 'off') AS f_is_admin,
  iif(active, 'Active', 'Inactive') AS f_status, preferences ->> 'dateFormat' AS f_date_format,
  preferences ->> 'hourFormat' AS f_hour_format, preferences ->> 'timeZone' AS f_time_zone,
  preferences ->> 'decimalSeparator' AS f_currency_decimal_separator,
  preferences ->> 'groupingSeparator' AS f_currency_grouping_separator,
  CAST(preferences ->> 'decimals' AS TEXT) AS f_no_of_currency_decimals,
  preferences ->> 'language' AS f_language FROM users`;

/** The groups with columns under the names of the fields of the module Groups. */
export const GROUPS_AS_RECORDS = `SELECT number, name AS f_groupname, nullif(description, '') AS f_description,
  (SELECT group_concat('19x' || user, ' |##| ') FROM group_members WHERE "group" = number) AS f_members FROM groups`;

/** The field a name stands for. Throws STORE_QUERY_INVALID when there is none. */
export function operandOf({ module, joins = [] }: QuerySource, name: string): Operand {
  const dot = name.lastIndexOf('.');
  if (dot < 0) return operandIn(module, joins.length === 0 ? '' : `${MAIN}.`, name) ?? unknown(module, name);
  const index = joins.findIndex((join) => join.name === name.slice(0, dot));
  const targets = joins[index]?.modules ?? [];
  const found = targets.flatMap((target, n) => operandIn(target, `${aliasOf(index, n)}.`, name.slice(dot + 1)) ?? []);
  const [first] = found;
  if (first === undefined) return unknown(module, name);
  return found.length === 1 ? first : { ...first, sql: `coalesce(${found.map(({ sql }) => sql).join(', ')})` };
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
export function renderFrom(
  table: string,
  query: Query,
  source: QuerySource,
  hasTable: (module: ModuleDefinition) => boolean,
): string {
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
  const number = `CAST(substr(${through}, ${start.length + 1}) AS INTEGER)`;
  return ` LEFT JOIN ${tableOf(module, hasTable)} AS ${alias} ON ${through} = ${id} AND ${alias}."number" = ${number}`;
}

function tableOf(module: ModuleDefinition, hasTable: (module: ModuleDefinition) => boolean): string {
  if (module.name === USERS.name) return `(${USERS_AS_RECORDS})`;
  if (module.name === GROUPS.name) return `(${GROUPS_AS_RECORDS})`;
  if (hasTable(module)) return quoted(tableName(module));
  const columns = ['number', 'created_at', 'modified_at', ...module.fields.map(({ name }) => `f_${name}`)];
  return `(SELECT ${columns.map((name) => `NULL AS ${quoted(name)}`).join(', ')} WHERE 0)`;
}

function aliasOf(join: number, module: number): string {
  return quoted(`j${join}_${module}`);
}

function operandIn(module: ModuleDefinition, before: string, name: string): Operand | undefined {
  if (name === 'id') return { sql: `${before}"number"`, as: 'id' };
  const time = SYSTEM_TIMES.get(name);
  if (time !== undefined) return { sql: `${before}${time}`, as: 'time' };
  const field = module.fields.find((each) => each.name === name);
  return field && { sql: `${before}${columnOf(name)}`, as: storageClassOf(field) };
}

function unknown(module: ModuleDefinition, name: string): never {
  throw new MapwrightError('STORE_QUERY_INVALID', `Module ${module.name} has no field ${name}.`);
}
