import type { Clock } from '../core/clock.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { type ModuleDefinition, TEXT_OR_ID_TYPES } from '../core/module.ts';
import type { RecordId, RecordValues } from '../core/record.ts';
import type { SettingStore } from '../core/secret-store.ts';
import type { Environment } from '../expression/environment.ts';
import { NO_ANSWER } from './step-answer.ts';

/** What environments are built from besides the data at hand. */
export interface EnvironmentSource {
  readonly settings: Pick<SettingStore, 'all'>;
  readonly clock: Clock;
  /** IANA name. */
  readonly timeZone: string;
}

export interface EnvironmentParts {
  readonly module: ModuleDefinition | undefined;
  readonly recordId: RecordId | undefined;
  readonly record: RecordValues;
  readonly previous: RecordValues | undefined;
  readonly changed: readonly string[];
  readonly context: JsonObject;
  readonly user: JsonObject;
  readonly run: JsonObject;
  readonly answer?: JsonObject;
  readonly input?: JsonObject;
}

/** The environment that expressions see. Settings are read live. */
export async function environmentFrom(source: EnvironmentSource, parts: EnvironmentParts): Promise<Environment> {
  return {
    record: recordObject(parts.module, parts.recordId, parts.record),
    previous: parts.previous === undefined ? {} : recordObject(parts.module, parts.recordId, parts.previous),
    changed: parts.changed,
    context: parts.context,
    input: parts.input ?? {},
    user: parts.user,
    run: parts.run,
    answer: parts.answer ?? NO_ANSWER,
    setting: await source.settings.all(),
  };
}

function recordObject(
  module: ModuleDefinition | undefined,
  id: RecordId | undefined,
  values: RecordValues,
): JsonObject {
  const texts = textFieldsOf(module);
  const fields: Record<string, Json> = id === undefined ? {} : { id };
  for (const [name, value] of Object.entries(values)) fields[name] = value ?? (texts.has(name) ? '' : null);
  return fields;
}

const textFields = new WeakMap<ModuleDefinition, ReadonlySet<string>>();
const NO_FIELDS: ReadonlySet<string> = new Set();

function textFieldsOf(module: ModuleDefinition | undefined): ReadonlySet<string> {
  if (module === undefined) return NO_FIELDS;
  const known = textFields.get(module);
  if (known !== undefined) return known;
  const names = module.fields.filter((field) => TEXT_OR_ID_TYPES.has(field.type)).map((field) => field.name);
  const found = new Set(names);
  textFields.set(module, found);
  return found;
}
