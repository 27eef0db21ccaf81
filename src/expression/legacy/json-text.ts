import type { Json } from '../../core/json.ts';
import { isNumericText } from './number.ts';

/** JSON text as PHP's json_encode writes it: `/` as `\/`, everything outside ASCII as `\uXXXX`. */
export function encodeLegacyJson(value: Json): string {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\u{10ffff}]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index).toString(16).padStart(4, '0');
    return `\\u${unit}`;
  }).join('');
}

/** As `encodeLegacyJson`, with numeric texts written as numbers (PHP's JSON_NUMERIC_CHECK). */
export function encodeNumericJson(value: Json): string {
  return encodeLegacyJson(withNumbers(value));
}

function withNumbers(value: Json): Json {
  if (typeof value === 'string') return isNumericText(value) && Number.isFinite(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withNumbers(member)]));
}

/** Reads JSON text; undefined when it is not JSON. Line breaks inside strings, which JSON forbids, are put up with when asked. */
export function decodeLegacyJson(
  text: string,
  options: { readonly repairLineBreaks?: boolean } = {},
): Json | undefined {
  const parsed = parse(text);
  if (parsed !== undefined || options.repairLineBreaks !== true) return parsed;
  return parse(text.replace(/"(?:[^"\\]|\\.)*"/gsu, (string) => string.replace(/\r\n|\r|\n/gu, '\\n')));
}

function parse(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** An answer's body as the coreBOS dialect reads it: JSON, or a JSON string that holds JSON. Undefined when it is neither. */
export function decodeLegacyBody(text: string): Json | undefined {
  const value = decodeLegacyJson(text);
  return typeof value === 'string' ? (decodeLegacyJson(value) ?? value) : value;
}
