import { GROUPS, USERS } from '../core/identity-module.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { SqlDialect } from './sql-dialect.ts';

/**
 * The users or groups as a SELECT of `number` and of columns under the names of their module's fields; undefined for any
 * other module. An empty text is null, as in records.
 */
export function peopleAsRecords(dialect: SqlDialect, module: ModuleDefinition): string | undefined {
  if (module.name === USERS.name) return usersAsRecords(dialect);
  return module.name === GROUPS.name ? GROUPS_AS_RECORDS : undefined;
}

function usersAsRecords(dialect: SqlDialect): string {
  const preference = (key: string) => dialect.member('preferences', key);
  return `SELECT number, name AS f_user_name, nullif(first_name, '') AS f_first_name,
    nullif(last_name, '') AS f_last_name, nullif(email, '') AS f_email1,
    CASE WHEN admin = 1 THEN 'on' ELSE 'off' END AS f_is_admin,
    CASE WHEN active = 1 THEN 'Active' ELSE 'Inactive' END AS f_status, ${preference('dateFormat')} AS f_date_format,
    ${preference('hourFormat')} AS f_hour_format, ${preference('timeZone')} AS f_time_zone,
    ${preference('decimalSeparator')} AS f_currency_decimal_separator,
    ${preference('groupingSeparator')} AS f_currency_grouping_separator,
    ${preference('decimals')} AS f_no_of_currency_decimals, ${preference('language')} AS f_language FROM users`;
}

const GROUPS_AS_RECORDS = `SELECT number, name AS f_groupname, nullif(description, '') AS f_description,
  (SELECT string_agg('19x' || "user", ' |##| ' ORDER BY "user") FROM group_members WHERE "group" = number) AS f_members
  FROM groups`;
