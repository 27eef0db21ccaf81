import type { Json, JsonObject } from '../../core/json.ts';
import { recordNumber } from '../../core/record.ts';
import type { LegacyEnvironment } from './environment.ts';

/**
 * What plain names of a coreBOS map give: the context and over it the record's fields, even empty ones; references and
 * owners as plain numbers, `record_id` and `record_module`. An unassigned record counts as the user's own.
 */
export function plainNames(environment: LegacyEnvironment): JsonObject {
  const { context, record, recordId, module, user } = environment;
  const names: Record<string, Json> = { ...context.values() };
  if (environment.mode !== 'record') return { ...names, ...record };
  for (const [name, value] of Object.entries(record)) names[name] = plainValue(environment, name, value);
  if ((names['assigned_user_id'] ?? '') === '') names['assigned_user_id'] = user.id;
  if (recordId !== undefined) names['record_id'] = numberOf(recordId);
  if (module !== undefined) names['record_module'] = module;
  return names;
}

function plainValue(environment: LegacyEnvironment, name: string, value: Json): Json {
  const type = environment.fieldType(name);
  return typeof value === 'string' && (type === 'reference' || type === 'owner') ? numberOf(value) : value;
}

/** The number in `11x74`; what is no id on the wire stays as it is. */
export function numberOf(id: string): string {
  return String(recordNumber(id) ?? id);
}
