import type { Json } from '../../core/json.ts';
import { decodeEntities, encodeEntities, encodeSpecialCharacters } from './entities.ts';
import { decodeLegacyJson, encodeNumericJson } from './json-text.ts';
import { integerOfText, jsonNumber, leadingNumber } from './number.ts';
import { isTruthy, toLegacyText } from './value.ts';

type Process = (value: Json) => Json;

const POST_PROCESSES: ReadonlyMap<string, Process> = new Map<string, Process>([
  ['intval', toInteger],
  ['floatval', toFloat],
  ['boolval', isTruthy],
  [
    'addslashes',
    (value) =>
      toLegacyText(value)
        .replace(/['"\\]/gu, '\\$&')
        .replaceAll('\0', '\\0'),
  ],
  [
    'stripslashes',
    (value) => toLegacyText(value).replace(/\\(.?)/gsu, (_, next: string) => (next === '0' ? '\0' : next)),
  ],
  ['quotemeta', (value) => toLegacyText(value).replace(/[.\\+*?[^\]$()]/gu, '\\$&')],
  ['htmlentities', (value) => encodeEntities(toLegacyText(value))],
  ['html_entity_decode', (value) => decodeEntities(toLegacyText(value))],
  ['htmlspecialchars', (value) => encodeSpecialCharacters(toLegacyText(value))],
  ['json_decode', decode],
  ['json_encode', encodeNumericJson],
]);

/** Applies a postProcess of the coreBOS dialect; an unknown name changes nothing. */
export function applyPostProcess(name: string, value: Json): Json {
  return POST_PROCESSES.get(name)?.(value) ?? (POST_PROCESSES.has(name) ? null : value);
}

function toInteger(value: Json): Json {
  if (typeof value === 'string') return integerOfText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) + 0 : 0;
  return isTruthy(value) ? 1 : 0;
}

function toFloat(value: Json): Json {
  if (typeof value === 'string') return jsonNumber(leadingNumber(value) ?? 0);
  return typeof value === 'number' ? value : isTruthy(value) ? 1 : 0;
}

function decode(value: Json): Json {
  if (typeof value === 'object' && value !== null) return value;
  return decodeLegacyJson(toLegacyText(value), { repairLineBreaks: true }) ?? null;
}
