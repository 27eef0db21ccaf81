import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import type { FieldSetting } from '../../document/task.ts';
import type { ParameterSource } from '../../document/map.ts';
import type { Reference } from '../../expression/compiled.ts';
import type { GivenValues } from '../../expression/legacy/given-values.ts';
import type { Scope } from '../compiled-source.ts';
import { legacyViewOf, relatedValues, scopeOnValues } from '../given-scope.ts';

/** What a mapping reads. */
export interface MappingNeeds {
  readonly references: readonly Reference[];
  /** True when a part of it is in the coreBOS language. */
  readonly readsLegacy: boolean;
  readonly from: ModuleDefinition | undefined;
}

/** True when one of the settings is made in the coreBOS language. */
export function readsLegacy(settings: readonly FieldSetting[]): boolean {
  return settings.some(({ source }) => isLegacy(source));
}

function isLegacy(source: ParameterSource): boolean {
  if (source.kind === 'nested') return source.parameters.some((parameter) => isLegacy(parameter.source));
  return ['legacy', 'legacy-template', 'parts', 'rule'].includes(source.kind);
}

/**
 * What a mapping is evaluated in. In a step `record` is the run's record, or the item of a list in its place; elsewhere it is
 * made of the given values. What is in the coreBOS language sees the given values, wherever it stands.
 */
export async function mappingScope(needs: MappingNeeds, given: GivenValues, step: Scope | undefined): Promise<Scope> {
  const { references, from } = needs;
  if (step === undefined) return scopeOnValues(given, { view: await legacyViewOf(given), references, module: from });
  const view = needs.readsLegacy ? await legacyViewOf(given) : undefined;
  const scope = { ...step, ...(view === undefined ? {} : { legacy: async () => view }) };
  const { item } = step.values;
  if (item === undefined) return scope;
  const record = rowOf(item);
  const related = await relatedValues(record, references, given.services);
  return { ...scope, values: { ...step.values, record }, related };
}

/** The row that an item of a list is; nothing of one that is no row. */
function rowOf(item: Json): JsonObject {
  return isJsonObject(item) ? item : {};
}
