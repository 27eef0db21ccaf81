import type { SqlDialect } from '../sql-dialect.ts';
import { quoted } from '../sql-text.ts';

/** A list no longer than this has a `?` for each value: SQLite is spared a table of them. */
const SHORT_LIST = 16;

/** How SQLite says it. */
export const SQLITE: SqlDialect = {
  types: { text: 'TEXT', integer: 'INTEGER', real: 'REAL', boolean: 'INTEGER' },
  identifier: (name) => quoted(name),
  compare: ({ sql }, operator, value) => ({ sql: `${sql} ${operator} ?`, values: [value] }),
  among: ({ sql }, values) =>
    values.length <= SHORT_LIST
      ? { sql: `${sql} IN (${values.map(() => '?').join(', ')})`, values }
      : // One parameter for a long list, so that it meets no limit.
        { sql: `${sql} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values)] },
  order: ({ sql }, descending) => `${sql} ${descending ? 'DESC' : 'ASC'}`,
  like: (text) => `${text} LIKE ? ESCAPE '\\'`,
  textOf: ({ sql, as }) => {
    if (as === 'time') return `strftime('%Y-%m-%dT%H:%M:%SZ', ${sql} / 1000, 'unixepoch')`;
    // SQLite prints null as 0, and an empty number is like nothing.
    return as === 'real' ? `iif(${sql} IS NULL, NULL, printf('%.15g', ${sql}))` : `CAST(${sql} AS TEXT)`;
  },
  numberIn: (text, position) => `CAST(substr(${text}, ${position}) AS INTEGER)`,
  member: (column, key) => `CAST(${column} ->> ${quoted(key, "'")} AS TEXT)`,
};
