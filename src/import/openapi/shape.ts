import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { References } from './references.ts';

/** What a schema says of a value, as far as a map can use it. */
export interface Shape {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | undefined;
  readonly format: string | undefined;
  readonly description: string | undefined;
  readonly properties: ReadonlyMap<string, Json>;
  readonly required: ReadonlySet<string>;
  readonly items: Json | undefined;
  readonly additional: Json | undefined;
  readonly enumeration: readonly Json[] | undefined;
  /** The only value that it may have. */
  readonly constant: Json | undefined;
  readonly defaultValue: Json | undefined;
  readonly example: Json | undefined;
  readonly isReadOnly: boolean;
  readonly isWriteOnly: boolean;
  readonly isNullable: boolean;
  /** True when it may be one of several: `oneOf`, `anyOf`. Its properties are then those of all, of which none is required by one only. */
  readonly isChoice: boolean;
  /** The forms that a choice is between, where they have no type in common. */
  readonly forms: readonly Json[];
  readonly schema: JsonObject;
}

const DEEPEST = 24;

/** Reads a schema: references followed, `allOf` put together, choices joined. */
export function shapeOf(references: References, schema: Json | undefined): Shape {
  const flat = flatten(references, schema, 0);
  const { value } = flat;
  const types = typesOf(value);
  const enumeration =
    Array.isArray(value['enum']) && value['enum'].length > 0 ? (value['enum'] as readonly Json[]) : undefined;
  const [example] = Array.isArray(value['examples']) ? (value['examples'] as readonly Json[]) : [value['example']];
  const properties = isJsonObject(value['properties']) ? Object.entries(value['properties']) : [];
  return {
    type: types.find(isType) ?? guessedType(value, enumeration),
    format: textOf(value['format']),
    description: textOf(value['description']) ?? textOf(value['title']),
    properties: new Map(properties),
    required: new Set(textsOf(value['required'])),
    items: value['items'],
    additional: value['additionalProperties'],
    enumeration,
    constant: value['const'],
    defaultValue: value['default'],
    example,
    isReadOnly: value['readOnly'] === true,
    isWriteOnly: value['writeOnly'] === true,
    isNullable: value['nullable'] === true || types.includes('null'),
    isChoice: flat.isChoice,
    forms: flat.forms ?? [],
    schema: value,
  };
}

interface Flat {
  readonly value: JsonObject;
  readonly isChoice: boolean;
  readonly forms?: readonly Json[];
}

function flatten(references: References, schema: Json | undefined, depth: number): Flat {
  const own = references.object(schema);
  if (own === undefined || depth > DEEPEST) return { value: {}, isChoice: false };
  const { allOf, oneOf, anyOf, ...rest } = own;
  let flat: Flat = { value: rest, isChoice: false };
  for (const part of listOf(allOf)) flat = joined(flat, flatten(references, part, depth + 1));
  for (const choices of [listOf(oneOf), listOf(anyOf)]) {
    const others = choices.map((one) => flatten(references, one, depth + 1)).filter(({ value }) => !isNull(value));
    const [first] = others;
    if (first === undefined) continue;
    if (others.length === 1) flat = withNull(joined(flat, first), others.length < choices.length);
    else flat = { ...joined(flat, oneOfAll(others)), isChoice: true };
  }
  return flat;
}

function withNull(flat: Flat, isNullable: boolean): Flat {
  return isNullable ? { ...flat, value: { ...flat.value, nullable: true } } : flat;
}

/** Both hold: what the first says of itself stays. */
function joined(one: Flat, other: Flat): Flat {
  const properties = { ...objectOf(other.value['properties']), ...objectOf(one.value['properties']) };
  const required = [...new Set([...textsOf(one.value['required']), ...textsOf(other.value['required'])])];
  const forms = one.forms ?? other.forms;
  return {
    isChoice: one.isChoice || other.isChoice,
    ...(forms === undefined ? {} : { forms }),
    value: {
      ...other.value,
      ...one.value,
      ...(Object.keys(properties).length === 0 ? {} : { properties }),
      ...(required.length === 0 ? {} : { required }),
    },
  };
}

/** Any of them holds: all properties, of which those count as required that all require; the type where it is the same. */
function oneOfAll(choices: readonly Flat[]): Flat {
  const [first, ...rest] = choices.map(({ value }) => value);
  if (first === undefined) return { value: {}, isChoice: false };
  const properties = Object.assign(
    {},
    ...choices.toReversed().map(({ value }) => objectOf(value['properties'])),
  ) as JsonObject;
  const required = textsOf(first['required']).filter((name) =>
    rest.every((one) => textsOf(one['required']).includes(name)),
  );
  const type = typesOf(first)[0] ?? guessedType(first, undefined);
  const isSame = rest.every((one) => (typesOf(one)[0] ?? guessedType(one, undefined)) === type);
  if (type === undefined || !isSame) return { isChoice: true, value: {}, forms: choices.map(({ value }) => value) };
  const { const: _const, enum: _enum, default: _default, ...plain } = first;
  return { isChoice: true, value: { ...plain, type, properties, required } };
}

function isNull(value: JsonObject): boolean {
  return (
    value['type'] === 'null' ||
    (Array.isArray(value['enum']) && value['enum'].length === 1 && value['enum'][0] === null)
  );
}

function typesOf(value: JsonObject): readonly string[] {
  return typeof value['type'] === 'string' ? [value['type']] : textsOf(value['type']);
}

function isType(text: string): text is NonNullable<Shape['type']> {
  return ['string', 'integer', 'number', 'boolean', 'array', 'object'].includes(text);
}

/** Many descriptions leave the type out where it can be seen. */
function guessedType(value: JsonObject, enumeration: readonly Json[] | undefined): Shape['type'] {
  if (isJsonObject(value['properties']) || isJsonObject(value['additionalProperties'])) return 'object';
  if (value['items'] !== undefined) return 'array';
  if (enumeration?.every((one) => typeof one === 'string') === true) return 'string';
  return undefined;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** The texts in a list, without what else is in it; none when it is no list. */
export function textsOf(value: Json | undefined): string[] {
  return listOf(value).filter((one) => typeof one === 'string');
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** A text that says something. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
