import { isBuiltInModule } from '../core/document-module.ts';
import type { FieldType, ModuleDefinition } from '../core/module.ts';
import type { RecordValue } from '../core/record.ts';
import { readFieldValue } from './field-value.ts';
import { unexpectedToken } from './query-token.ts';
import type { QueryToken } from './query-token.ts';
import { fieldDenied } from './record-error.ts';

/** SQLite refuses patterns of more than 50,000 bytes, and a character has up to four. */
const LONGEST_PATTERN = 10_000;
/**
 * A piece behind a `%` is looked for at every place of a text: one of 1,000 characters took four seconds on a text of a
 * million, one of 255 takes two at worst. How many `%` there are costs little, for the next piece is looked for further on.
 */
const LONGEST_PIECE = 255;

/** A field as a query sees it. */
export interface QueryField {
  readonly name: string;
  readonly type: FieldType;
}

/** Fields every record has besides those of its module; users, groups and documents have no times. */
const COMMON_FIELDS: ReadonlyMap<string, FieldType> = new Map([
  ['id', 'reference'],
  ['createdtime', 'datetime'],
  ['modifiedtime', 'datetime'],
]);
const IDENTITY_FIELDS: ReadonlyMap<string, FieldType> = new Map([['id', 'reference']]);

/** The field a name stands for. Throws ACCESS_DENIED, as the original does, when the module has none of that name. */
export function queryField(module: ModuleDefinition, name: string): QueryField {
  const field = findQueryField(module, name);
  if (field === undefined) throw fieldDenied(name);
  return field;
}

/** As `queryField`; undefined when the module has none of that name. */
export function findQueryField(module: ModuleDefinition, name: string): QueryField | undefined {
  const field = module.fields.find((candidate) => candidate.name === name);
  const type = field?.type ?? (isBuiltInModule(module) ? IDENTITY_FIELDS : COMMON_FIELDS).get(name);
  return type === undefined ? undefined : { name, type };
}

/** The value a token stands for, converted to the field's type; null for `null` and `''`. Throws QuerySyntaxError. */
export function queryValue(field: QueryField, token: QueryToken): RecordValue {
  if (token.kind === 'word') return wordValue(field, token);
  if (token.kind !== 'string' && token.kind !== 'number') throw unexpectedToken(token, `a value for ${field.name}`);
  const isDay = field.type === 'datetime' && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/u.test(token.value);
  // A day stands for its beginning, as in the original's database.
  const reading = readFieldValue(field.type, isDay ? `${token.value} 00:00:00` : token.value);
  if (!reading.ok) throw unexpectedToken(token, `a value of type ${field.type} for ${field.name}`);
  return reading.value;
}

/** The pattern a token stands for: `%` any text, `_` any character. Throws QuerySyntaxError when it is no text. */
export function queryPattern(field: QueryField, token: QueryToken): string {
  if (token.kind !== 'string' || !readFieldValue('text', token.value).ok) {
    throw unexpectedToken(token, 'a pattern in quotes');
  }
  if (token.value.length > LONGEST_PATTERN) {
    throw unexpectedToken(token, `a pattern of at most ${LONGEST_PATTERN} characters`);
  }
  if (searchedPieces(token.value).some(({ length }) => length > LONGEST_PIECE)) {
    throw unexpectedToken(token, `a pattern with at most ${LONGEST_PIECE} characters behind a "%"`);
  }
  // Clients know times with a blank before the hour, records keep a T there.
  return field.type === 'datetime' ? token.value.replace(' ', 'T') : token.value;
}

/** What stands behind each `%`, up to the next one. */
function searchedPieces(pattern: string): readonly string[] {
  const [, ...pieces] = pattern.replaceAll(/\\[%_\\]/gu, '_').split('%');
  return pieces;
}

function wordValue(field: QueryField, token: QueryToken): RecordValue {
  const word = token.value.toLowerCase();
  if (word === 'null') return null;
  if (field.type === 'boolean' && (word === 'true' || word === 'false')) return word === 'true';
  throw unexpectedToken(token, `a value for ${field.name}`);
}
