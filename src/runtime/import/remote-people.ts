import { MapwrightError } from '../../core/error.ts';
import type { UserPreferences } from '../../core/identity-store.ts';
import type { JsonObject } from '../../core/json.ts';
import { checkPreferences } from '../user-preference.ts';
import type { RemoteGroup, RemoteUser } from './import-administration.ts';
import type { ImportNote } from './module-description.ts';
import type { RemoteClient } from './remote-client.ts';
import { readAll } from './remote-pages.ts';

/** Users and groups of another install, and what of them could not be read. */
export interface RemotePeople {
  readonly users: readonly RemoteUser[];
  readonly groups: readonly RemoteGroup[];
  readonly notes: readonly ImportNote[];
}

/**
 * Reads who is known to another install. A user who is no administrator there is shown itself alone, and that is noted.
 */
export async function readPeople(client: RemoteClient): Promise<RemotePeople> {
  const notes: ImportNote[] = [];
  const rows = await rowsOf(client, 'Users', notes);
  const users = rows.map((row) => readUser(row, notes));
  const names = new Map(users.map(({ id, name }) => [id, name]));
  const groupRows = await rowsOf(client, 'Groups', notes);
  const groups = groupRows.map((row) => readGroup(row, names));
  const untold = groups.filter(({ members }) => members === undefined).map(({ name }) => name);
  if (untold.length > 0) {
    const says = `members are not told by that install: ${untold.join(', ')}; mapwright group add-member GROUP USER`;
    notes.push({ of: 'Groups', says });
  }
  const isAlone = users.length === 1 && users[0]?.admin === false;
  if (isAlone) notes.push({ of: 'Users', says: 'only the user itself is shown; log in as an administrator for all' });
  return { users, groups, notes };
}

async function rowsOf(client: RemoteClient, module: string, notes: ImportNote[]): Promise<readonly JsonObject[]> {
  try {
    return await readAll(client, module);
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError) || thrown.code !== 'IMPORT_REFUSED') throw thrown;
    notes.push({ of: module, says: `not shown: ${thrown.message}` });
    return [];
  }
}

function readUser(row: JsonObject, notes: ImportNote[]): RemoteUser {
  const name = text(row, 'user_name');
  const preferences = Object.fromEntries(
    Object.entries(preferencesIn(row)).filter(([key, value]) => {
      const isKnown = isPreference({ [key]: value });
      if (!isKnown) notes.push({ of: name, says: `${key} "${String(value).slice(0, 40)}" is left as it is here` });
      return isKnown;
    }),
  );
  return {
    id: text(row, 'id'),
    name,
    firstName: text(row, 'first_name'),
    lastName: text(row, 'last_name'),
    email: text(row, 'email1'),
    admin: ['on', '1', 'true'].includes(text(row, 'is_admin')),
    active: text(row, 'status') !== 'Inactive',
    ...(Object.keys(preferences).length === 0 ? {} : { preferences }),
  };
}

/** Under the names that coreBOS has for them. */
function preferencesIn(row: JsonObject): UserPreferences {
  const decimals = text(row, 'no_of_currency_decimals');
  const given = {
    dateFormat: text(row, 'date_format'),
    hourFormat: { am_pm: '12', '12': '12', '24': '24' }[text(row, 'hour_format')] ?? '',
    timeZone: text(row, 'time_zone'),
    decimalSeparator: decodedQuote(text(row, 'currency_decimal_separator')),
    groupingSeparator: decodedQuote(text(row, 'currency_grouping_separator')),
    language: text(row, 'language'),
  };
  const said = Object.entries(given).filter(([, value]) => value !== '');
  return { ...Object.fromEntries(said), ...(/^\d$/u.test(decimals) ? { decimals: Number(decimals) } : {}) };
}

/** An apostrophe between thousands stands there as it does in a page. */
function decodedQuote(separator: string): string {
  return separator === '&#039;' || separator === '&#39;' ? "'" : separator;
}

function isPreference(preferences: UserPreferences): boolean {
  try {
    checkPreferences(preferences);
    return true;
  } catch {
    return false;
  }
}

function readGroup(row: JsonObject, names: ReadonlyMap<string, string>): RemoteGroup {
  const { members } = row;
  const ids = typeof members === 'string' ? members.split(' |##| ').filter((id) => id !== '') : undefined;
  return {
    id: text(row, 'id'),
    name: text(row, 'groupname'),
    description: text(row, 'description'),
    members: ids?.flatMap((id) => names.get(id) ?? []),
  };
}

function text(row: JsonObject, name: string): string {
  const value = row[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}
