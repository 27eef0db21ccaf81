import type { Json, JsonObject } from '../../core/json.ts';
import type { FieldDefinition, ModuleDefinition } from '../../core/module.ts';

/** The values of a record of another install, as they are here. */
export interface LocalValues {
  readonly values: JsonObject;
  /** References to what is not known here yet. */
  readonly waiting: readonly { readonly field: string; readonly remote: string }[];
  /** References that are as they should be: none of an earlier import needs to wait. */
  readonly found: readonly string[];
  /** Fields that the module here does not have. */
  readonly leftOut: readonly string[];
}

/** What a record has on the wire besides its fields. */
const BESIDES: ReadonlySet<string> = new Set([
  'id',
  'createdtime',
  'modifiedtime',
  'cbuuid',
  'record_id',
  'record_module',
]);

/** Reads a row as a query of the other install answers it; `known` has the ids here of what it refers to. */
export function localValues(
  module: ModuleDefinition,
  row: JsonObject,
  known: ReadonlyMap<string, string>,
): LocalValues {
  const values: Record<string, Json> = {};
  const waiting: { readonly field: string; readonly remote: string }[] = [];
  const found: string[] = [];
  const fields = new Map(module.fields.map((field) => [field.name, field]));
  for (const [name, value] of Object.entries(row)) {
    const field = fields.get(name);
    if (field === undefined) continue;
    const remote = isReference(field) && typeof value === 'string' ? value : '';
    const local = remote === '' ? undefined : known.get(remote);
    if (remote !== '' && local === undefined) waiting.push({ field: name, remote });
    else if (isReference(field)) found.push(name);
    if (remote === '' || local !== undefined) values[name] = local ?? usable(value);
  }
  const leftOut = Object.keys(row).filter((name) => !fields.has(name) && !BESIDES.has(name) && !isName(name, row));
  return { values, waiting, found, leftOut };
}

/** The ids that a row refers to. */
export function referredIds(module: ModuleDefinition, row: JsonObject): string[] {
  return module.fields.flatMap((field) => {
    const value = isReference(field) ? row[field.name] : undefined;
    return typeof value === 'string' && value !== '' ? [value] : [];
  });
}

/** A time as the protocol writes it, UTC, in milliseconds; undefined when it is none. */
export function wireTime(value: Json | undefined): number | undefined {
  const text = typeof value === 'string' ? value : '';
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/u.test(text)) return undefined;
  const time = Date.parse(`${text.replace(' ', 'T')}Z`);
  return time > 0 ? time : undefined;
}

function isReference({ type }: FieldDefinition): boolean {
  return type === 'reference' || type === 'owner';
}

/** `assigned_user_idename` tells the name behind `assigned_user_id`. */
function isName(name: string, row: JsonObject): boolean {
  return name.endsWith('ename') && Object.hasOwn(row, name.slice(0, -'ename'.length));
}

/** What MySQL keeps for an empty date is no date. */
function usable(value: Json): Json {
  return typeof value === 'string' && /^0000-00-00(?: 00:00:00)?$/u.test(value) ? '' : value;
}
