import type { FieldDefinition } from '../../core/module.ts';
import { memberCode } from '../expression/quote.ts';
import { momentText } from '../expression/translate.ts';
import { attributeSource, jsonataSource, type NativeSource } from '../map/native-source.ts';
import type { PartPlace } from './part-place.ts';

const PLAIN = /^[A-Za-z_]\w*$/u;
/** What plain names give besides fields and context values; whose records have no owner, the current user owns them. */
const OWN_NAMES: ReadonlySet<string> = new Set(['id', 'record_id', 'record_module', 'assigned_user_id']);

/**
 * The source for an Orgfield without OrgfieldID: a field, a member of the row, or a context value. Undefined where what it is
 * cannot be told.
 */
export function nameSource(place: PartPlace, name: string): NativeSource | undefined {
  const { conversion, at, part } = place;
  const { from, known, isOfRows } = conversion;
  const field = from?.fields.find((candidate) => candidate.name === name);
  if (field !== undefined) return fieldSource(place, field);
  if (!PLAIN.test(name)) return undefined;
  if (from !== undefined) return OWN_NAMES.has(name) ? undefined : defaulted('context', name);
  const isOwn = OWN_NAMES.has(name) && !isOfRows;
  const isOwner = name === 'assigned_user_id';
  if (known.contextKeys.has(name) || isOwn || isOwner || (!isOfRows && name.endsWith('_id'))) return undefined;
  const what = isOfRows
    ? 'a member of the row'
    : `a text field: the module ${moduleName(place)} is not among the documents`;
  conversion.note('assumed', at, `${name} is taken for ${what}`, part.text);
  return defaulted('field', name);
}

function moduleName({ conversion }: PartPlace): string {
  return conversion.mapping.from?.value ?? 'of its records';
}

/** A name that may be missing, which is an empty text. */
export function defaulted(kind: 'field' | 'context', name: string): NativeSource {
  return { attributes: [...attributeSource(kind, name).attributes, ['default', '']] };
}

function fieldSource(place: PartPlace, { name, type }: FieldDefinition): NativeSource | undefined {
  const code = memberCode('record', name) ?? '';
  const note = (kind: 'type' | 'changed', message: string): void =>
    place.conversion.note(kind, place.at, message, place.part.text);
  switch (type) {
    case 'integer':
    case 'number':
    case 'currency':
      note('type', `${name} is a number, null when it is empty; coreBOS gives text`);
      return attributeSource('field', name);
    case 'boolean':
      note('type', `${name} is true or false; coreBOS gives 1 or 0`);
      return jsonataSource(`${code} = true`);
    case 'date':
    case 'time':
      note('type', `${name} is null when it is empty; coreBOS gives an empty text`);
      return attributeSource('field', name);
    case 'datetime':
      if (place.target?.type !== 'datetime') return jsonataSource(momentText(code));
      note('type', `${name} is written 2025-03-14T10:20:30Z; coreBOS gives 2025-03-14 10:20:30`);
      return attributeSource('field', name);
    case 'reference':
    case 'owner':
      return idSource(place, name, code);
    default:
      return attributeSource('field', name);
  }
}

/** The whole id where a reference is filled, which takes nothing else; the number alone, as coreBOS gives it, elsewhere. */
function idSource({ conversion, at, part, target }: PartPlace, name: string, code: string): NativeSource | undefined {
  if (target?.type === 'reference' || target?.type === 'owner') {
    conversion.note('changed', at, `${name} is the whole id, as 11x74; coreBOS gives its number`, part.text);
    return attributeSource('field', name);
  }
  return name === 'assigned_user_id' ? undefined : jsonataSource(`$substringAfter(${code}, 'x')`);
}
