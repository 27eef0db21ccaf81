import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';
import type { LegacyEnvironment } from '../../src/expression/legacy/environment.ts';
import type {
  LegacyField,
  LegacyFieldType,
  LegacyModule,
  LegacyPreferences,
  LegacyRow,
  LegacyServices,
  LegacyUser,
} from '../../src/expression/legacy/services.ts';
import { objectOf, textOf, textsOf } from './input.ts';
import { mapsBeside } from './vector-maps.ts';
import { ADMIN, memoryEnvironment, memoryServices, PREFERENCES, WORLD_NOW } from './memory-world.ts';

/** What ids of the modules' records start with, and by which fields people know them. */
const MODULES: Readonly<Record<string, readonly [prefix: string, ...title: string[]]>> = {
  Users: ['19', 'first_name', 'last_name'],
  Groups: ['20', 'groupname'],
  Accounts: ['11', 'accountname'],
  Contacts: ['12', 'firstname', 'lastname'],
  Potentials: ['13', 'potentialname'],
  Products: ['14', 'productname'],
  Invoice: ['7', 'subject'],
  Assets: ['29', 'assetname'],
  SalesOrder: ['6', 'subject'],
  InventoryDetails: ['36', 'productid'],
  Vendors: ['18', 'vendorname'],
};

/** The records that the facts speak of without giving them. */
const KNOWN_RELATED: JsonObject = {
  '11x746': {
    module: 'Accounts',
    fields: {
      accountname: 'Rowley Schlimgen Inc',
      annual_revenue: '4969781.000000',
      assigned_user_id: '19x10',
      rating: 'Shutdown',
    },
  },
  '19x10': {
    module: 'Users',
    fields: { user_name: 'testtz', first_name: 'cbTest', last_name: 'testtz', email1: 'noreply@tsolucio.com' },
  },
};

const TYPES: readonly (readonly [RegExp, LegacyFieldType])[] = [
  [/^reference/u, 'reference'],
  [/^owner/u, 'owner'],
  [/^currency/u, 'currency'],
  [/^integer/u, 'integer'],
  [/^(?:percent|number|double|decimal)/u, 'number'],
  [/^(?:boolean|checkbox)/u, 'boolean'],
  [/^datetime/u, 'datetime'],
  [/^date/u, 'date'],
  [/^time/u, 'time'],
  [/^multipicklist/u, 'multipicklist'],
  [/^picklist/u, 'picklist'],
];

/** `reference(10)` is a reference; what is not known is text. */
function fieldType(written: string): LegacyFieldType {
  return TYPES.find(([pattern]) => pattern.test(written))?.[1] ?? 'text';
}

/** What a vector's input says of the install it was run on. */
export interface VectorWorld {
  readonly services: LegacyServices;
  readonly environment: LegacyEnvironment;
  readonly settings: Readonly<Record<string, string>>;
  readonly now: number;
  readonly user: LegacyUser;
  /** Fields before the save; undefined for a creation. */
  readonly previous: JsonObject | undefined;
}

/** The world and the record of a vector. */
export function worldOf(input: JsonObject): VectorWorld {
  const record = objectOf(input, 'record');
  const related = { ...KNOWN_RELATED, ...objectOf(input, 'related') };
  const types = Object.fromEntries(Object.entries(textsOf(input, 'fieldTypes')).map(([k, v]) => [k, fieldType(v)]));
  const module = textOf(record, 'module');
  const rows = [...rowsOf(related), ...rowsOf({ [textOf(record, 'id')]: record })];
  const settings = textsOf(input, 'settings');
  const users = usersOf(input, related);
  const user = users.find(({ id }) => id === ADMIN.id) ?? ADMIN;
  const now = input['now'] === undefined ? WORLD_NOW : Date.parse(textOf(input, 'now'));
  const services: LegacyServices = memoryServices({
    now,
    rows,
    users,
    settings,
    maps: mapsBeside(input, () => services, user),
    modules: modulesOf(rows, module, types),
    displayNames: displayNamesOf(related),
    install: { siteUrl: textOf(input, 'siteUrl') },
  });
  const environment = memoryEnvironment(
    {
      mode: modeOf(input, record),
      ...(record['id'] === undefined ? {} : { recordId: textOf(record, 'id'), module }),
      record: objectOf(record, 'fields'),
      fieldTypes: types,
      context: objectOf(input, 'context'),
      user,
    },
    services,
  );
  const previous = isJsonObject(input['previous']) ? input['previous'] : undefined;
  return { services, environment, settings, now, user, previous };
}

function modeOf(input: JsonObject, record: JsonObject): LegacyEnvironment['mode'] {
  if (input['env'] === 'none') return 'none';
  const id = textOf(record, 'id');
  if (input['env'] === '0x0' || id === '0x0') return 'stub';
  // What is called without a record runs on the stub; what only lacks one in the fact runs on an empty record.
  const isCalledWithout = textOf(input, 'map') !== '' || objectOf(input, 'context')['record_id'] === '0x0';
  return id === '' && isCalledWithout ? 'stub' : 'record';
}

function rowsOf(records: JsonObject): LegacyRow[] {
  return Object.entries<Json>(records).flatMap(([id, row]) =>
    isJsonObject(row) && id !== '' ? [{ id, module: textOf(row, 'module'), fields: textsOf(row, 'fields') }] : [],
  );
}

function modulesOf(
  rows: readonly LegacyRow[],
  own: string,
  types: Readonly<Record<string, LegacyFieldType>>,
): readonly LegacyModule[] {
  return Object.entries(MODULES).map(([name, [prefix, title = 'name']]) => {
    const names = new Set(rows.filter(({ module }) => module === name).flatMap(({ fields }) => Object.keys(fields)));
    if (name === own) for (const field of Object.keys(types)) names.add(field);
    const fields = [...names].map((field): [string, LegacyField] => [
      field,
      { name: field, label: field, type: name === own ? (types[field] ?? 'text') : 'text', targets: [] },
    ]);
    return { name, prefix, title, fields: new Map(fields) };
  });
}

function displayNamesOf(related: JsonObject): Record<string, string> {
  const names = Object.entries<Json>(related).flatMap(([id, row]) => {
    if (!isJsonObject(row)) return [];
    const [, ...titles] = MODULES[textOf(row, 'module')] ?? [''];
    const fields = textsOf(row, 'fields');
    const made = titles.flatMap((title) => fields[title] ?? []).join(' ');
    const name = textOf(row, 'displayName') === '' ? made : textOf(row, 'displayName');
    return name === '' ? [] : [[id, name] as const];
  });
  return Object.fromEntries(names);
}

function usersOf(input: JsonObject, related: JsonObject): readonly LegacyUser[] {
  const rows = rowsOf(related).filter(({ module }) => module === 'Users');
  const known = new Map([ADMIN, ...rows.map(userOf)].map((user) => [user.id, user]));
  for (const given of [
    { id: ADMIN.id, ...objectOf(input, 'user') },
    { id: ADMIN.id, ...objectOf(input, 'currentUser') },
    objectOf(input, 'assignedUser'),
  ]) {
    const id = textOf(given, 'id');
    if (id === '') continue;
    const before = known.get(id) ?? userOf({ id, module: 'Users', fields: {} });
    const fields = { ...before.fields, ...given };
    known.set(id, { ...before, fields, preferences: preferencesOf(before.preferences, given) });
  }
  return [...known.values()];
}

function userOf({ id, fields }: LegacyRow): LegacyUser {
  const fullName = [fields['first_name'], fields['last_name']].filter((part) => part !== undefined).join(' ');
  return { id, name: fields['user_name'] ?? '', fullName, isAdmin: false, preferences: PREFERENCES, fields };
}

function preferencesOf(before: LegacyPreferences, given: JsonObject): LegacyPreferences {
  const decimals = given['decimals'];
  const text = (name: string, otherwise: string): string => (typeof given[name] === 'string' ? given[name] : otherwise);
  return {
    ...before,
    dateFormat: text('date_format', before.dateFormat) as LegacyPreferences['dateFormat'],
    hourFormat: text('hour_format', before.hourFormat) as LegacyPreferences['hourFormat'],
    timeZone: text('time_zone', before.timeZone),
    decimalSeparator: text('decimal', before.decimalSeparator),
    groupingSeparator: text('grouping', before.groupingSeparator),
    decimals: typeof decimals === 'number' ? decimals : before.decimals,
  };
}
