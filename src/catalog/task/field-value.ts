import { MapwrightError } from '../../core/error.ts';
import type { Json } from '../../core/json.ts';
import { convertValue } from '../convert-value.ts';
import type { Scope } from '../compiled-source.ts';
import { applyEmptyRule } from '../empty-rule.ts';
import type { CompiledFieldSetting } from './field-setting.ts';

/**
 * The value that a field is set to; undefined: it stays as it is. Rejects with PARAMETER_TYPE, PARAMETER_EMPTY, what the
 * source rejects with, and, for a name that is not there and has no default, PARAMETER_SOURCE_MISSING.
 * @param otherwise what stands for a name that is not there, in place of the failure
 */
export async function fieldValue(
  { field, source, type, form, defaultValue, whenEmpty }: CompiledFieldSetting,
  scope: Scope,
  otherwise?: null,
): Promise<Json | undefined> {
  const found = await source.evaluate(scope);
  const value = found === undefined ? (defaultValue ?? otherwise) : found;
  if (value === undefined) throw sourceMissing(field, source.describe);
  return applyEmptyRule(convertValue(value, type, field, form), whenEmpty, `the field "${field}"`);
}

/** PARAMETER_SOURCE_MISSING of a value whose name is not there. */
export function sourceMissing(name: string, source: string): MapwrightError {
  return new MapwrightError('PARAMETER_SOURCE_MISSING', `"${name}" has no value: there is no ${source}`, {
    hint: 'correct the name; for one that may be missing give default="..."',
  });
}
