import { MapwrightError } from '../../core/error.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { scalarText } from '../scalar-text.ts';
import { plainNumber } from '../workflow/knowledge.ts';
import { textOf } from './row.ts';

/**
 * Names of business maps by number: out of rows of the module cbMap or of its table (`[{"id": "43x12", "mapname": "..."}]`,
 * also as the `result` of a query), or an object of numbers and names. Throws IMPORT_MAPS_UNKNOWN for anything else.
 */
export function readMapNames(value: Json): Map<string, string> {
  const rows = isJsonObject(value) && Array.isArray(value['result']) ? value['result'] : value;
  const entries: (readonly [string, string])[] = Array.isArray(rows)
    ? (rows as readonly Json[]).filter(isJsonObject).map(entryOf)
    : Object.entries(isJsonObject(rows) ? rows : {}).map(([id, name]) => [id, scalarText(name) ?? '']);
  const names = new Map(
    entries.filter(([id, name]) => id !== '' && name !== '').map(([id, name]) => [plainNumber(id), name]),
  );
  if (names.size > 0) return names;
  throw new MapwrightError('IMPORT_MAPS_UNKNOWN', 'this is no list of business maps', {
    hint: 'give [{"id": "1234", "mapname": "Send account"}], or {"1234": "Send account"}',
  });
}

function entryOf(row: JsonObject): readonly [string, string] {
  return [textOf(row, 'cbmapid', 'id', 'crmid', 'record_id'), textOf(row, 'mapname', 'name')];
}
