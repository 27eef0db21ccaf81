import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { RecordValue } from '../../core/record.ts';
import { convertValue } from '../../catalog/convert-value.ts';
import type { CompiledSource, Scope } from '../../catalog/compiled-source.ts';
import type { CompiledMapping } from '../../catalog/mapping/compile-mapping.ts';
import type { CompiledContextSetting } from '../../catalog/task/context-setting.ts';
import type { CompiledFieldSetting } from '../../catalog/task/field-setting.ts';
import { fieldValue, sourceMissing } from '../../catalog/task/field-value.ts';
import { asRecordValue } from '../record-value.ts';
import { withWholeIds } from './whole-id.ts';

/** What fills the fields of a record. */
interface FieldFillers {
  /** The module of the record. */
  readonly module: string;
  readonly mapping: CompiledMapping | undefined;
  readonly sets: readonly CompiledFieldSetting[];
}

/** What has to be read before `recordFields`. */
export function fieldSources({ mapping, sets }: Omit<FieldFillers, 'module'>): readonly CompiledSource[] {
  return [...(mapping?.sources ?? []), ...sets.map(({ source }) => source)];
}

/** The values of a record's fields; those of which nothing is to become are left out. Rejects as `fieldValue` does. */
async function fieldValues(sets: readonly CompiledFieldSetting[], scope: Scope): Promise<Record<string, RecordValue>> {
  const fields: Record<string, RecordValue> = {};
  for (const set of sets) {
    const value = await fieldValue(set, scope);
    if (value !== undefined) fields[set.field] = asRecordValue(value);
  }
  return fields;
}

/**
 * The values of a new or changed record: what the mapping makes of the run's values, or of the item at hand, and over that
 * what is set. Rejects with what the mapping and the values reject with, naming the field.
 */
export async function recordFields(
  { module, mapping, sets }: FieldFillers,
  scope: Scope,
): Promise<Record<string, RecordValue>> {
  const mapped = mapping === undefined ? {} : await mappedValues(mapping, module, scope);
  const fields = Object.entries(mapped).map(([field, value]) => [field, asRecordValue(value)] as const);
  return { ...Object.fromEntries(fields), ...(await fieldValues(sets, scope)) };
}

async function mappedValues(mapping: CompiledMapping, module: string, scope: Scope): Promise<JsonObject> {
  const { environment, names } = await scope.legacy();
  const { item } = scope.values;
  const values = item === undefined ? names : { ...environment.context.values(), ...(isJsonObject(item) ? item : {}) };
  const { services, user } = environment;
  return withWholeIds(await mapping.apply({ values, services, user }, scope), module, services);
}

/** A context value. What is computed from a secret or a sensitive value is sensitive, said or not. */
export async function contextValue(
  { key, source, type, sensitive }: CompiledContextSetting,
  scope: Scope,
): Promise<{ readonly value: Json; readonly isSensitive: boolean }> {
  const value = convertValue(await valueOf(key, source, scope), type, key);
  return { value, isSensitive: sensitive || source.references.some((reference) => scope.isSensitive(reference)) };
}

async function valueOf(name: string, source: CompiledSource, scope: Scope): Promise<Json> {
  const value = await source.evaluate(scope);
  if (value !== undefined) return value;
  throw sourceMissing(name, source.describe);
}
