import { MapwrightError } from '../../src/core/error.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { type LegacyEnvironment, throwawayContext } from '../../src/expression/legacy/environment.ts';
import { readReferred, referredValue } from '../../src/expression/legacy/referred-record.ts';
import type {
  LegacyFieldType,
  LegacyInstall,
  LegacyModule,
  LegacyPreferences,
  LegacyRow,
  LegacySearch,
  LegacyServices,
  LegacyUser,
} from '../../src/expression/legacy/services.ts';
import { findAmong } from './memory-rows.ts';

/** What a world in memory holds; everything may be left out. */
export interface WorldContent {
  readonly now?: number;
  readonly timeZone?: string;
  readonly modules?: readonly LegacyModule[];
  readonly rows?: readonly LegacyRow[];
  /** Names by id, for records, users and groups. */
  readonly displayNames?: Readonly<Record<string, string>>;
  readonly users?: readonly LegacyUser[];
  /** Group name to id and members. */
  readonly groups?: Readonly<Record<string, { readonly id: string; readonly members: readonly string[] }>>;
  readonly settings?: Readonly<Record<string, string>>;
  readonly install?: Partial<LegacyInstall>;
  readonly maps?: Partial<LegacyServices['maps']>;
  /** What servers answer. */
  readonly getText?: LegacyServices['network']['getText'];
  readonly find?: (search: LegacySearch) => readonly LegacyRow[];
}

/** Friday 2025-03-14T10:20:30Z. */
export const WORLD_NOW = Date.UTC(2025, 2, 14, 10, 20, 30);

export const PREFERENCES: LegacyPreferences = {
  dateFormat: 'yyyy-mm-dd',
  hourFormat: '24',
  timeZone: 'UTC',
  decimalSeparator: '.',
  groupingSeparator: ',',
  decimals: 2,
  language: 'en_us',
};

export const ADMIN: LegacyUser = {
  id: '19x1',
  name: 'admin',
  fullName: 'Administrator',
  isAdmin: true,
  preferences: PREFERENCES,
  fields: { user_name: 'admin', first_name: '', last_name: 'Administrator', email1: 'admin@example.com' },
};

/** An install that lives in memory: what expressions, templates and conditions are tried on where no install is needed. */
export function memoryServices(content: WorldContent = {}): LegacyServices {
  const modules = content.modules ?? [];
  const rows = new Map((content.rows ?? []).map((row) => [row.id, row]));
  const users = new Map([ADMIN, ...(content.users ?? [])].map((user) => [user.id, user]));
  const settings = new Map(Object.entries(content.settings ?? {}));
  const messages = new Map<string, string[]>();
  const groups = content.groups ?? {};
  const services: LegacyServices = {
    clock: { now: () => content.now ?? WORLD_NOW, timeZone: content.timeZone ?? 'UTC' },
    random: { next: () => 0.5 },
    records: {
      module: (name) => modules.find((module) => module.name === name),
      moduleOf: (id) => modules.find((module) => module.prefix === id.split('x')[0]),
      read: async (id) => rows.get(id),
      displayName: async (id) => content.displayNames?.[id] ?? users.get(id)?.fullName,
      find: async (search) =>
        content.find?.(search) ?? findAmong([...rows.values()], search, { user: ADMIN, services }),
    },
    people: {
      user: async (id) => users.get(id),
      groupIdByName: async (name) => groups[name]?.id,
      membersOf: async (id) => Object.values(groups).find((group) => group.id === id)?.members ?? [],
    },
    settings: {
      get: async (name) => settings.get(name),
      set: async (name, value) => void settings.set(name, value),
      delete: async (name) => void settings.delete(name),
      change: async (name, decide) => {
        const decided = decide(settings.get(name));
        if (decided !== undefined) settings.set(name, decided);
        return decided;
      },
    },
    messages: {
      send: async ({ channel, text }) => void messages.set(channel, [...(messages.get(channel) ?? []), text]),
      take: async (channel) => messages.get(channel)?.shift(),
    },
    maps: {
      evaluateRule: async () => undefined,
      applyMapping: async () => undefined,
      records: async () => undefined,
      information: async () => undefined,
      ...content.maps,
    },
    network: {
      getText:
        content.getText ??
        (() => Promise.reject(new MapwrightError('CALL_EGRESS', 'there is no network in this world'))),
    },
    install: { siteUrl: '', request: {}, importing: false, saveMode: 'edit', ...content.install },
  };
  return services;
}

/** What one expression sees of a world. */
export interface WorldView {
  readonly mode?: LegacyEnvironment['mode'];
  readonly recordId?: string | undefined;
  readonly module?: string | undefined;
  readonly record?: JsonObject;
  readonly fieldTypes?: Readonly<Record<string, LegacyFieldType>>;
  readonly context?: JsonObject;
  readonly user?: LegacyUser;
}

/** An environment on a record of a world in memory. */
export function memoryEnvironment(view: WorldView = {}, services = memoryServices()): LegacyEnvironment {
  const record = view.record ?? {};
  const fieldTypes = view.fieldTypes ?? {};
  const environment: LegacyEnvironment = {
    mode: view.mode ?? 'record',
    recordId: view.recordId,
    module: view.module,
    record,
    async field(name) {
      if (name === 'id') return view.recordId;
      const value = Object.hasOwn(record, name) ? record[name] : undefined;
      const named = fieldTypes[name] === 'reference' || fieldTypes[name] === 'owner';
      if (!named || typeof value !== 'string') return value;
      return (await services.records.displayName(value)) ?? value;
    },
    async related({ field, module, target }) {
      const [found] = await readReferred(environment, { reference: field, module });
      return found === undefined ? undefined : referredValue(found, target);
    },
    fieldType: (name) => fieldTypes[name],
    context: throwawayContext(view.context ?? {}),
    user: view.user ?? ADMIN,
    services,
  };
  return environment;
}
