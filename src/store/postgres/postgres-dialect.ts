import { createHash } from 'node:crypto';
import type { Operand, SqlDialect } from '../sql-dialect.ts';
import { quoted } from '../sql-text.ts';
import type { SqlText, SqlValue } from '../sql-text.ts';

/** PostgreSQL cuts longer names, so that two of them could become one. */
const LONGEST_NAME = 63;
const HASH_LENGTH = 16;

/**
 * An index takes no value of more than 2,704 bytes, so that of a title holds its first characters only, of 4 bytes at most.
 * It serves where a statement says the very same.
 */
const INDEXED_CHARACTERS = 600;

/** How PostgreSQL says it. Column types are those of `format_type`. */
export const POSTGRES: SqlDialect = {
  types: { text: 'text', integer: 'bigint', real: 'double precision', boolean: 'smallint' },
  identifier: (name) => quoted(shortName(name)),
  compare: (operand, operator, value) => {
    const type = parameterType(operand, value);
    const whole = { sql: `${operand.sql} ${operator} ?::${type}`, values: [value] };
    if (operand.isTitle !== true || operator !== '=') return whole;
    return both({ sql: `${indexedPart(operand.sql)} = ?::text`, values: [beginning(value)] }, whole);
  },
  among: (operand, values) => {
    const types = new Set(values.map((value) => parameterType(operand, value)));
    const type = types.has('numeric') ? 'numeric' : parameterType(operand, null);
    const whole = { sql: `${operand.sql} = ANY (?::${type}[])`, values: [arrayText(values)] };
    if (operand.isTitle !== true) return whole;
    const part = `${indexedPart(operand.sql)} = ANY (?::text[])`;
    return both({ sql: part, values: [arrayText(values.map(beginning))] }, whole);
  },
  order: ({ sql, isTitle }, descending) => {
    const parts = isTitle === true ? [indexedPart(sql), sql] : [sql];
    return parts.map((part) => `${part} ${descending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'}`).join(', ');
  },
  // Under this collation letter case is that of A to Z alone.
  like: (text) => `${text} COLLATE "C" ILIKE ?::text ESCAPE '\\'`,
  textOf: ({ sql, as }) => {
    if (as === 'time') return `to_char(to_timestamp(${sql} / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
    return as === 'real' ? realText(sql) : `(${sql})::text`;
  },
  numberIn: (text, position) =>
    `CASE WHEN substr(${text}, ${position}) ~ '^[0-9]{1,18}$' THEN substr(${text}, ${position})::bigint ELSE 0 END`,
  member: (column, key) => `${column}::json ->> ${quoted(key, "'")}`,
};

/**
 * A numeric made of a double has its first 15 digits, and those as a double read like `%.15g`; but rounded so, the
 * greatest of all doubles is none any more, and the least are not exact.
 */
function realText(sql: string): string {
  const digits = `ltrim(to_char(${sql}::numeric, '9.99999999999999EEEE'))`;
  return `CASE WHEN ${sql} = 0 OR abs(${sql}) BETWEEN 1e-290 AND 1e300 THEN (${sql}::numeric::float8)::text
    ELSE regexp_replace(${digits}, '\\.?0+e', 'e') END`;
}

/** The name as it stands in the database: a long one ends with a hash that stays the same. */
export function shortName(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST_NAME) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  let start = name.slice(0, LONGEST_NAME - HASH_LENGTH - 1);
  while (Buffer.byteLength(start) > LONGEST_NAME - HASH_LENGTH - 1) start = start.slice(0, -1);
  return `${start.toWellFormed()}~${hash}`;
}

/** What the index of a title holds of it. */
export function indexedPart(column: string): string {
  return `left(${column}, ${INDEXED_CHARACTERS})`;
}

/** The statement with `$1`, `$2` and so on for each `?` that stands outside of quotes. */
export function numbered(sql: string): string {
  let count = 0;
  return sql.replaceAll(/'[^']*'|"[^"]*"|\?/gu, (found) => (found === '?' ? `$${++count}` : found));
}

function parameterType({ as }: Operand, value: SqlValue): string {
  if (as === 'text') return 'text';
  if (as === 'real') return 'double precision';
  // A column of whole numbers is compared with any number.
  const isWhole = value === null || (Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 63);
  return isWhole ? 'bigint' : 'numeric';
}

function both(one: SqlText, other: SqlText): SqlText {
  return { sql: `(${one.sql} AND ${other.sql})`, values: [...one.values, ...other.values] };
}

function beginning(value: SqlValue): SqlValue {
  if (typeof value !== 'string' || value.length <= INDEXED_CHARACTERS) return value;
  return Array.from(value.slice(0, 2 * INDEXED_CHARACTERS))
    .slice(0, INDEXED_CHARACTERS)
    .join('');
}

/** The values in PostgreSQL's notation of arrays, as one parameter. */
function arrayText(values: readonly SqlValue[]): string {
  const elements = values.map((value) =>
    value === null ? 'NULL' : `"${String(value).replaceAll(/["\\]/gu, (found) => `\\${found}`)}"`,
  );
  return `{${elements.join(',')}}`;
}
