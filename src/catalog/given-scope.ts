import type { Json, JsonObject } from '../core/json.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { Reference } from '../expression/compiled.ts';
import type { LegacyEnvironment } from '../expression/legacy/environment.ts';
import { environmentOnValues, type GivenValues } from '../expression/legacy/given-values.ts';
import { plainNames } from '../expression/legacy/plain-names.ts';
import type { LegacyServices } from '../expression/legacy/services.ts';
import { memberOf } from '../expression/output-path.ts';
import type { LegacyView, Scope } from './compiled-source.ts';
import { typedValue, type ValueType } from './typed-value.ts';

/** What the coreBOS dialect sees of values that somebody hands over; the record that they name is read. */
export async function legacyViewOf(given: GivenValues): Promise<LegacyView> {
  const environment = await environmentOnValues(given);
  const names = plainNames(environment);
  const owner = names['assigned_user_id'] ?? '';
  return { environment, names: owner === '' ? { ...names, assigned_user_id: given.user.id } : names };
}

/**
 * What native sources see of values that somebody hands over by name: `record` is the stored record that they name with the
 * values over it, or a row of plain data; `context` is the values; texts of fields whose type is known have that type, as in
 * a run. There is no run, and there are no secrets. What `references` name is read: settings, and what is behind references.
 */
export async function scopeOnValues(
  given: GivenValues,
  params: {
    readonly view: LegacyView;
    readonly references: readonly Reference[];
    /** Tells the types of values that name no module of their own. */
    readonly module: ModuleDefinition | undefined;
  },
): Promise<Scope> {
  const { view, references, module } = params;
  const { services, user, values } = given;
  const { clock, random } = services;
  const record = typedRecord(view.environment, module);
  let seed: string | undefined;
  return {
    values: {
      record,
      previous: {},
      changed: [],
      context: values,
      input: {},
      user: { id: user.id },
      run: {},
      setting: await readSettings(services, references),
    },
    // Drawn when somebody asks: where nobody does, the coreBOS language keeps its sequence.
    get ambience() {
      seed ??= `given/${random.next()}`;
      return { now: clock.now(), timeZone: clock.timeZone, seed };
    },
    parameter: () => undefined,
    secret: () => undefined,
    step: {},
    related: await relatedValues(record, references, services),
    legacy: async () => view,
    isSensitive: () => false,
    taint: () => {},
  };
}

function typedRecord(environment: LegacyEnvironment, module: ModuleDefinition | undefined): JsonObject {
  const types = new Map<string, ValueType>(module?.fields.map(({ name, type }) => [name, type]));
  const typed = Object.entries(environment.record).map(
    ([name, value]) => [name, typedValue(environment.fieldType(name) ?? types.get(name), value)] as const,
  );
  const { recordId } = environment;
  return { ...Object.fromEntries(typed), ...(recordId === undefined ? {} : { id: recordId }) };
}

async function readSettings(services: LegacyServices, references: readonly Reference[]): Promise<JsonObject> {
  const settings: Record<string, Json> = {};
  for (const { root, path } of references) {
    const name = root === 'setting' ? path.join('.') : '';
    const value = name === '' ? undefined : await services.settings.get(name);
    if (value !== undefined) settings[name] = value;
  }
  return settings;
}

/** What the dotted names among the references lead to, through data and through references of records; keyed by the path. */
export async function relatedValues(
  record: JsonObject,
  references: readonly Reference[],
  services: LegacyServices,
): Promise<JsonObject> {
  const related: Record<string, Json> = {};
  for (const { root, path } of references) {
    if (root !== 'record' || path.length < 2) continue;
    const value = await valueThrough(record, path, services);
    if (value !== undefined) related[path.join('.')] = value;
  }
  return related;
}

/** Null when a reference on the way is empty or its record is gone; undefined when there is no such name. */
async function valueThrough(
  record: JsonObject,
  path: readonly string[],
  services: LegacyServices,
): Promise<Json | undefined> {
  const direct = memberOf(record, path.join('.'));
  if (direct !== undefined) return direct;
  let value: Json | undefined = record;
  for (const name of path) {
    if (value === undefined || value === null) return value;
    const holder: Json | undefined = typeof value === 'object' ? value : await recordBehind(value, services);
    if (holder === null || holder === undefined) return holder;
    value = memberOf(holder, name);
  }
  return value;
}

/** The record with this id; null for an empty reference and for a record that is gone, undefined for what is no id. */
async function recordBehind(id: Json, services: LegacyServices): Promise<JsonObject | null | undefined> {
  if (id === '') return null;
  if (typeof id !== 'string' || !/^\d+x\d+$/u.test(id)) return undefined;
  const row = await services.records.read(id);
  if (row === undefined) return null;
  const fields = services.records.module(row.module)?.fields;
  const typed = Object.entries(row.fields).map(
    ([name, value]) => [name, typedValue(fields?.get(name)?.type, value)] as const,
  );
  return { id, ...Object.fromEntries(typed) };
}
