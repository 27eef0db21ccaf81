import type { Clock } from '../core/clock.ts';
import { fileIn, fileJson } from '../core/file-store.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { type FieldType, type ModuleDefinition, TEXT_OR_ID_TYPES } from '../core/module.ts';
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
  const { texts, files } = fieldKindsOf(module);
  const fields: Record<string, Json> = id === undefined ? {} : { id };
  for (const [name, value] of Object.entries(values)) fields[name] = value ?? (texts.has(name) ? '' : null);
  for (const name of files) {
    const file = fileIn(fields[name]);
    if (file !== undefined) fields[name] = fileJson(file);
  }
  return fields;
}

/** The fields whose values are not seen as they are stored. */
interface FieldKinds {
  readonly texts: ReadonlySet<string>;
  readonly files: readonly string[];
}

const fieldKinds = new WeakMap<ModuleDefinition, FieldKinds>();
const NO_FIELDS: FieldKinds = { texts: new Set(), files: [] };

function fieldKindsOf(module: ModuleDefinition | undefined): FieldKinds {
  if (module === undefined) return NO_FIELDS;
  const known = fieldKinds.get(module);
  if (known !== undefined) return known;
  const names = (isOf: (type: FieldType) => boolean): string[] =>
    module.fields.filter(({ type }) => isOf(type)).map(({ name }) => name);
  const found = {
    texts: new Set(names((type) => TEXT_OR_ID_TYPES.has(type))),
    files: names((type) => type === 'file'),
  };
  fieldKinds.set(module, found);
  return found;
}
