import type { Json } from '../../core/json.ts';
import { isNumericText, numberToLegacyText } from './number.ts';

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

const HUGE_EXPONENT = /\d[eE]\+?\d{3}|\d{200}/u;

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
    return HUGE_EXPONENT.test(text) ? (JSON.parse(text, infiniteAsText) as Json) : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

/** JSON has no word for what `1e400` becomes: it is given as PHP writes it. */
function infiniteAsText(_name: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? numberToLegacyText(value) : value;
}

/** An answer's body as the coreBOS dialect reads it: JSON, or a JSON string that holds JSON. Undefined when it is neither. */
export function decodeLegacyBody(text: string): Json | undefined {
  const value = decodeLegacyJson(text);
  return typeof value === 'string' ? (decodeLegacyJson(value) ?? value) : value;
}
