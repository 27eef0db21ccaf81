import type { Json } from '../../core/json.ts';
import { readJson } from '../../core/json-text.ts';
import { isNumericText, numberToJsonText, numberToLegacyText, wholeNumber } from './number.ts';

/** JSON text as PHP's json_encode writes it: `/` as `\/`, everything outside ASCII as `\uXXXX`. */
export function encodeLegacyJson(value: Json): string {
  const text = isPlain(value) ? JSON.stringify(value) : writeJson(value, writeText);
  return text.replaceAll('/', '\\/').replace(/[\u0080-\u{10ffff}]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index).toString(16).padStart(4, '0');
    return `\\u${unit}`;
  }).join('');
}

/** As `encodeLegacyJson`, with numeric texts written as numbers (PHP's JSON_NUMERIC_CHECK). */
export function encodeNumericJson(value: Json): string {
  return writeJson(value, writeNumericText)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\u{10ffff}]/gu, escapeCharacter);
}

/** True when JavaScript writes it as PHP does: only numbers are written differently. */
function isPlain(value: Json): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  return Array.isArray(value) ? value.every(isPlain) : Object.values(value).every(isPlain);
}

function writeJson(value: Json, write: (text: string) => string): string {
  if (typeof value === 'string') return write(value);
  if (typeof value === 'number') return Number.isFinite(value) ? numberToJsonText(value) : 'null';
  if (Array.isArray(value)) return `[${value.map((member) => writeJson(member, write)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${writeJson(member, write)}`);
  return `{${members.join(',')}}`;
}

function writeText(text: string): string {
  return JSON.stringify(text);
}

function writeNumericText(text: string): string {
  const whole = wholeNumber(text);
  if (whole !== undefined) return String(whole);
  const number = isNumericText(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? numberToJsonText(number) : JSON.stringify(text);
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
  return readJson(text, HUGE_EXPONENT.test(text) ? infiniteAsText : undefined);
}

/** JSON has no word for what `1e400` becomes: it is given as PHP writes it. */
function infiniteAsText(_name: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? numberToLegacyText(value) : value;
}
