import type { JsonObject } from '../../core/json.ts';
import { decodeEntities } from './entities.ts';
import { isNumericText } from './number.ts';
import { toLegacyText } from './value.ts';

const PLACEHOLDER = /\$\[([^\]]*)\]/gu;
const STRING_OR_PLACEHOLDER = /'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"|\$\[[^\]]*\]/gu;

/** True when a text holds `$[name]`: what it says is known only when there are values. */
export function hasValuePlaceholders(text: string): boolean {
  return text.includes('$[');
}

/**
 * A legacy expression with its `$[name]` replaced by values, letter case aside; lists, and names that there are none of,
 * are left alone. Inside quotation marks a value stays inside them, and outside of them what is neither a number nor a
 * name becomes a text: data never becomes code.
 */
export function fillExpression(text: string, values: JsonObject): string {
  const known = scalarsOf(values);
  return decodeEntities(text).replaceAll(STRING_OR_PLACEHOLDER, (found) => {
    if (found.startsWith('$')) return fillOne(found, known, asOperand);
    return found.replaceAll(PLACEHOLDER, (inside) => fillOne(inside, known, escapeInString));
  });
}

/** A plain text with its `$[name]` replaced by values. */
export function fillText(text: string, values: JsonObject): string {
  const known = scalarsOf(values);
  return text.replaceAll(PLACEHOLDER, (found) => fillOne(found, known, (value) => value));
}

function fillOne(found: string, known: ReadonlyMap<string, string>, write: (value: string) => string): string {
  const value = known.get(found.slice(2, -1).toLowerCase());
  return value === undefined ? found : write(value);
}

function scalarsOf(values: JsonObject): ReadonlyMap<string, string> {
  const scalars = Object.entries(values).filter(([, value]) => typeof value !== 'object' || value === null);
  return new Map(scalars.map(([name, value]) => [name.toLowerCase(), toLegacyText(value)]));
}

function asOperand(value: string): string {
  const isPlain = isNumericText(value) || /^[a-zA-Z]\w*$/u.test(value);
  return isPlain ? value : `'${escapeInString(value)}'`;
}

/**
 * A text as it stands between the quotes of a string of the language. Entities are replaced when the expression is compiled,
 * so an ampersand has to be written as one.
 */
export function escapeInString(value: string): string {
  return value.replaceAll(/[\\'"]/gu, '\\$&').replaceAll('&', '&amp;');
}
