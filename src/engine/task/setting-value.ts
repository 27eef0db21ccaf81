import { MapwrightError } from '../../core/error.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { RecordValue } from '../../core/record.ts';
import { convertValue } from '../../catalog/convert-value.ts';
import type { CompiledSource, Scope } from '../../catalog/compiled-source.ts';
import type { CompiledContextSetting } from '../../catalog/task/context-setting.ts';
import type { CompiledFieldSetting } from '../../catalog/task/field-setting.ts';
import { asRecordValue } from '../record-value.ts';

/** The values of a record's fields. Rejects with PARAMETER_SOURCE_MISSING and PARAMETER_TYPE naming the field. */
async function fieldValues(sets: readonly CompiledFieldSetting[], scope: Scope): Promise<Record<string, RecordValue>> {
  const fields: Record<string, RecordValue> = {};
  for (const { field, source, type } of sets) {
    fields[field] = asRecordValue(convertValue(await valueOf(field, source, scope), type, field));
  }
  return fields;
}

/**
 * The values of a new or changed record: what the mapping makes of the run's values, or of the item at hand, and over that
 * what is set. Rejects with MAPPING_UNKNOWN, what the mapping rejects with, PARAMETER_SOURCE_MISSING and PARAMETER_TYPE.
 */
export async function recordFields(
  { mapping, sets }: { readonly mapping: string | undefined; readonly sets: readonly CompiledFieldSetting[] },
  scope: Scope,
): Promise<Record<string, RecordValue>> {
  const mapped = mapping === undefined ? {} : await mappedValues(mapping, scope);
  const fields = Object.entries(mapped).map(([field, value]) => [field, asRecordValue(value)] as const);
  return { ...Object.fromEntries(fields), ...(await fieldValues(sets, scope)) };
}

async function mappedValues(name: string, scope: Scope): Promise<JsonObject> {
  const { environment, names } = scope.legacy();
  const { item } = scope.values;
  const values = item === undefined ? names : { ...environment.context.values(), ...(isJsonObject(item) ? item : {}) };
  const mapped = await environment.services.maps.applyMapping(name, values);
  if (mapped !== undefined) return mapped;
  throw new MapwrightError('MAPPING_UNKNOWN', `there is no mapping "${name}"`, { hint: 'apply its document' });
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
  throw new MapwrightError('PARAMETER_SOURCE_MISSING', `"${name}" has no value: there is no ${source.describe}`, {
    hint: 'correct the name; for one that may be missing write jsonata="..."',
  });
}
