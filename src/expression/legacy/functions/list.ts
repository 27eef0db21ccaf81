import { MapwrightError } from '../../../core/error.ts';
import { isJsonObject } from '../../../core/json.ts';
import type { JsonataGuard } from '../../jsonata-guard.ts';
import { decodeLegacyJson, encodeNumericJson } from '../json-text.ts';
import { isTruthy, joinTexts, type LegacyValue, textArgument, toLegacyText } from '../value.ts';
import type { FunctionFamily } from './function.ts';

/** Functions of lists and JSON. */
export const LIST_FUNCTIONS: FunctionFamily = {
  array: (values) => values,
  flattenarray: (values) => values.flatMap(flatten),
  implode: (values, { guard }) =>
    values.length === 2 ? implode(guard, toLegacyText(values[0] ?? ''), values[1] ?? null) : '',
  explode: (values) => (values.length === 2 ? explode(textArgument(values[0]), textArgument(values[1])) : ''),
  jsonEncode: ([value = null]) => (isWritable(value) ? encodeNumericJson(value) : false),
  jsonDecode: ([value = '']) => asLists(decodeLegacyJson(textArgument(value)) ?? null),
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
  if (separator === '') {
    throw new MapwrightError('EXPRESSION_FAILED', 'explode needs a text to split at', { hint: "explode(',', 'a,b')" });
  }
  return text.split(separator);
}

/** JSON has no word for infinite numbers: PHP then writes nothing at all. */
function isWritable(value: LegacyValue): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values<LegacyValue>(value).every(isWritable);
}

/** PHP has one kind of array: an object without members, or with the names 0, 1, 2 and so on, is a list there. */
function asLists(value: LegacyValue): LegacyValue {
  if (Array.isArray(value)) return value.map(asLists);
  if (!isJsonObject(value)) return value;
  return asArray(Object.entries<LegacyValue>(value).map(([name, member]) => [name, asLists(member)]));
}

function asArray(members: readonly (readonly [string, LegacyValue])[]): LegacyValue {
  const isList = members.every(([name], index) => name === String(index));
  return isList ? members.map(([, member]) => member) : Object.fromEntries(members);
}

function clean(value: LegacyValue | undefined, names: LegacyValue | undefined, keep: boolean): LegacyValue {
  if (value === undefined || names === undefined || !isTruthy(names)) return false;
  if (!Array.isArray(value) && !isJsonObject(value)) return false;
  const named = new Set(toLegacyText(names).split(','));
  return asArray(Object.entries<LegacyValue>(value).filter(([name]) => named.has(name) === keep));
}
