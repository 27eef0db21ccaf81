import { MapwrightError } from '../../core/error.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { scalarText } from '../scalar-text.ts';

/** One request of a collection, with what its folders say for all in them. */
export interface CollectionRequest {
  readonly name: string;
  /** The names of the folders it is in, the outermost first. */
  readonly folders: readonly string[];
  readonly request: JsonObject;
  /** Its own login, or the nearest that is said around it; undefined when none is. */
  readonly auth: JsonObject | undefined;
  readonly hasScripts: boolean;
}

export interface Collection {
  readonly name: string;
  readonly description: string | undefined;
  readonly variables: ReadonlyMap<string, string>;
  readonly requests: readonly CollectionRequest[];
}

const DEEPEST = 50;

/** A Postman collection of version 2.0 or 2.1. Throws IMPORT_POSTMAN_UNKNOWN for anything else. */
export function readCollection(value: Json, file: string): Collection {
  // The API of Postman puts it into an object of its own.
  const root = isJsonObject(value) && isJsonObject(value['collection']) ? value['collection'] : value;
  if (!isJsonObject(root) || !isJsonObject(root['info']) || !Array.isArray(root['item'])) throw unknown(file, root);
  const { info } = root;
  const requests: CollectionRequest[] = [];
  collect(root['item'], { folders: [], auth: authOf(root['auth']), hasScripts: scriptsIn(root) }, requests);
  return {
    name: scalarText(info['name']) ?? '',
    description: textIn(info['description']),
    variables: variablesIn(root['variable']),
    requests,
  };
}

function unknown(file: string, root: Json): MapwrightError {
  const isOld = isJsonObject(root) && Array.isArray(root['requests']);
  const isEnvironment = isJsonObject(root) && Array.isArray(root['values']);
  return new MapwrightError('IMPORT_POSTMAN_UNKNOWN', `${file} is no Postman collection of version 2.1`, {
    hint: isOld
      ? 'it is of version 1: export it again and choose Collection v2.1'
      : isEnvironment
        ? 'it is an environment: give the collection, and this one with --environment'
        : 'in Postman choose Export on the collection, and Collection v2.1',
  });
}

interface Around {
  readonly folders: readonly string[];
  readonly auth: JsonObject | undefined;
  readonly hasScripts: boolean;
}

function collect(items: Json | undefined, around: Around, found: CollectionRequest[]): void {
  if (!Array.isArray(items) || around.folders.length > DEEPEST) return;
  for (const item of items as readonly Json[]) {
    if (!isJsonObject(item)) continue;
    const name = scalarText(item['name']) ?? '';
    const own = { auth: authOf(item['auth']) ?? around.auth, hasScripts: around.hasScripts || scriptsIn(item) };
    if (Array.isArray(item['item'])) {
      collect(item['item'], { ...own, folders: [...around.folders, name] }, found);
      continue;
    }
    // A request may be its address alone.
    const request = typeof item['request'] === 'string' ? { url: item['request'], method: 'GET' } : item['request'];
    if (!isJsonObject(request)) continue;
    found.push({
      name,
      folders: around.folders,
      request,
      auth: authOf(request['auth']) ?? own.auth,
      hasScripts: own.hasScripts,
    });
  }
}

/** `null` and the type `inherit` mean what is said around. */
function authOf(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) && value['type'] !== 'inherit' ? value : undefined;
}

function scriptsIn({ event }: JsonObject): boolean {
  if (!Array.isArray(event)) return false;
  return (event as readonly Json[]).some((one) => {
    const script = isJsonObject(one) && isJsonObject(one['script']) ? one['script']['exec'] : undefined;
    return Array.isArray(script)
      ? (script as readonly Json[]).some((line) => (scalarText(line) ?? '').trim() !== '')
      : typeof script === 'string' && script.trim() !== '';
  });
}

/** A description is a text, or an object with one. */
export function textIn(value: Json | undefined): string | undefined {
  const text = isJsonObject(value) ? value['content'] : value;
  return typeof text === 'string' && text.trim() !== '' ? text : undefined;
}

/** `[{"key": "baseUrl", "value": "https://..."}]`; those without a value are left out. */
export function variablesIn(value: Json | undefined): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const one of Array.isArray(value) ? (value as readonly Json[]) : []) {
    if (!isJsonObject(one) || one['disabled'] === true || one['enabled'] === false) continue;
    const key = one['key'] ?? one['id'];
    const text = scalarText(one['value']) ?? '';
    if (typeof key === 'string' && text !== '') variables.set(key, text);
  }
  return variables;
}
