import { isJsonObject } from '../../../core/json.ts';
import type { JsonataGuard } from '../../jsonata-guard.ts';
import { decodeLegacyJson, encodeNumericJson } from '../json-text.ts';
import { isTruthy, joinTexts, type LegacyValue, toLegacyText } from '../value.ts';
import type { FunctionFamily } from './function.ts';

/** Functions of lists and JSON. */
export const LIST_FUNCTIONS: FunctionFamily = {
  array: (values) => values,
  flattenarray: (values) => values.flatMap(flatten),
  implode: (values, { guard }) =>
    values.length === 2 ? implode(guard, toLegacyText(values[0] ?? ''), values[1] ?? null) : '',
  explode: (values) =>
    values.length === 2 ? explode(toLegacyText(values[0] ?? ''), toLegacyText(values[1] ?? '')) : '',
  jsonEncode: ([value = null]) => encodeNumericJson(value),
  jsonDecode: ([value = '']) => decodeLegacyJson(toLegacyText(value)) ?? null,
  cleanArrayElements: ([value, names, invert = false]) => clean(value, names, isTruthy(invert)),
};

function flatten(value: LegacyValue): LegacyValue[] {
  if (typeof value !== 'object' || value === null) return [value];
  return Object.values<LegacyValue>(value).flatMap(flatten);
}

function implode(guard: JsonataGuard, separator: string, value: LegacyValue): string {
  if (typeof value !== 'object' || value === null) return '';
  return joinTexts(guard, Object.values<LegacyValue>(value).map(toLegacyText), separator);
}

function explode(separator: string, text: string): LegacyValue {
  return separator === '' ? '' : text.split(separator);
}

function clean(value: LegacyValue | undefined, names: LegacyValue | undefined, keep: boolean): LegacyValue {
  if (value === undefined || names === undefined || !isTruthy(names)) return false;
  if (!Array.isArray(value) && !isJsonObject(value)) return false;
  const named = new Set(toLegacyText(names).split(','));
  return Object.fromEntries(Object.entries<LegacyValue>(value).filter(([name]) => named.has(name) === keep));
}
