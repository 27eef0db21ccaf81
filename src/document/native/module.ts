import type { Located } from '../../core/diagnostic.ts';
import type { FieldDefinition } from '../../core/module.ts';
import { FILLED, matching } from '../attribute-kind.ts';
import type { ModuleDocument } from '../module.ts';
import { shape, type Place } from '../place.ts';
import { HEAD_ATTRIBUTES, readHead } from './document-head.ts';
import { readField } from './field.ts';

const MODULE = shape({
  attributes: {
    ...HEAD_ATTRIBUTES,
    prefix: matching(/^[1-9][0-9]{0,3}$/u, 'a number from 1 to 9999'),
    title: FILLED,
  },
  required: ['name', 'prefix', 'title'],
  children: { description: 'optional', field: 'some' },
});

/** A field is a column, and every database bounds the columns of a table. */
const MOST_FIELDS = 1000;

/** Whose ids these prefixes make: they are taken in every install. */
const RESERVED_PREFIXES: ReadonlyMap<string, string> = new Map([
  ['19', 'users'],
  ['20', 'groups'],
]);

/** A `<module>` document; undefined when it lacks a name, a prefix or a title. */
export function readModule(place: Place): ModuleDocument | undefined {
  const open = place.open(MODULE);
  const head = readHead(open);
  const { prefix, title } = open.attributes;
  const { fields, fieldsAt, allNamed } = readFields(open.all('field'));
  if (prefix !== undefined) checkPrefix(place, prefix);
  if (title !== undefined && allNamed && !fieldsAt.has(title.value)) {
    place.errorAt(title, 'MODULE_TITLE_UNKNOWN', `"${title.value.slice(0, 60)}" is no field of this module`);
  }
  if (head === undefined || prefix === undefined || title === undefined) return undefined;
  const definition = {
    name: head.name,
    label: head.label ?? head.name,
    prefix: prefix.value,
    title: title.value,
    fields,
  };
  return { kind: 'module', ...head, definition, fieldsAt };
}

function checkPrefix(place: Place, prefix: Located<string>): void {
  const owner = RESERVED_PREFIXES.get(prefix.value);
  if (owner === undefined) return;
  place.errorAt(prefix, 'MODULE_PREFIX_RESERVED', `the prefix ${prefix.value} is taken: it makes the ids of ${owner}`);
}

function readFields(places: readonly Place[]): {
  readonly fields: FieldDefinition[];
  readonly fieldsAt: Map<string, Located<string>>;
  /** False when a name could not be used, so that what refers to it cannot be judged. */
  readonly allNamed: boolean;
} {
  const fields: FieldDefinition[] = [];
  places[MOST_FIELDS]?.error(
    'MODULE_TOO_MANY_FIELDS',
    `a module has at most ${MOST_FIELDS} fields`,
    'move some into another module, and refer to its records',
  );
  const fieldsAt = new Map<string, Located<string>>();
  let allNamed = places.length > 0 && places.length <= MOST_FIELDS;
  for (const place of places.slice(0, MOST_FIELDS)) {
    const { field, nameAt } = readField(place);
    allNamed &&= nameAt !== undefined;
    const first = nameAt === undefined ? undefined : fieldsAt.get(nameAt.value);
    if (nameAt !== undefined && first !== undefined) tellDuplicate(place, nameAt, first);
    if (nameAt !== undefined && first === undefined) fieldsAt.set(nameAt.value, nameAt);
    if (field !== undefined && first === undefined) fields.push(field);
  }
  return { fields, fieldsAt, allNamed };
}

function tellDuplicate(place: Place, nameAt: Located<string>, first: Located<string>): void {
  place.log.error({
    code: 'MODULE_FIELD_DUPLICATE',
    message: `the field "${nameAt.value}" stands here twice`,
    range: nameAt.range,
    path: place.path,
    related: [{ message: 'the first one', file: place.log.file, range: first.range }],
  });
}
