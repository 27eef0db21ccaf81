import type { Json, JsonObject } from '../../core/json.ts';
import type { LegacyField, LegacyServices } from '../../expression/legacy/services.ts';

/** The modules of those whom records may be assigned to. */
const OWNERS: readonly string[] = ['Users', 'Groups'];

/**
 * The values with whole ids (`11x74`) where a reference or an owner is given by its number alone, as plain names of coreBOS
 * mappings give it; 0 is nobody. A number that belongs to none of the modules that the field may refer to stays.
 */
export async function withWholeIds(
  values: JsonObject,
  module: string,
  { records }: Pick<LegacyServices, 'records'>,
): Promise<JsonObject> {
  const fields = records.module(module)?.fields;
  const whole: Record<string, Json> = { ...values };
  for (const [name, value] of Object.entries(values)) {
    const targets = targetsOf(fields?.get(name));
    const number = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
    if (targets.length === 0 || !/^\d+$/u.test(number)) continue;
    whole[name] = Number(number) === 0 ? '' : ((await idAmong(targets, number, records)) ?? value);
  }
  return whole;
}

function targetsOf(field: LegacyField | undefined): readonly string[] {
  if (field?.type === 'reference') return field.targets;
  return field?.type === 'owner' ? OWNERS : [];
}

async function idAmong(
  modules: readonly string[],
  number: string,
  records: LegacyServices['records'],
): Promise<string | undefined> {
  for (const module of modules) {
    const prefix = records.module(module)?.prefix;
    const found = prefix === undefined ? undefined : await records.read(`${prefix}x${number}`);
    if (found !== undefined) return found.id;
  }
  return undefined;
}
