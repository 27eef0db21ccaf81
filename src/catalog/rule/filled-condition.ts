import type { JsonObject } from '../../core/json.ts';
import type { LegacyCondition } from '../../expression/legacy/condition.ts';
import { fillText } from '../../expression/legacy/value-placeholder.ts';

/** The condition with `$[name]` in its value replaced. */
export function filledCondition(condition: LegacyCondition, values: JsonObject): LegacyCondition {
  return condition.value === null ? condition : { ...condition, value: fillText(condition.value, values) };
}
