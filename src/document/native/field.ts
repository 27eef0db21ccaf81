import type { Located, SourceText } from '../../core/diagnostic.ts';
import { didYouMean } from '../../core/suggestion.ts';
import { choicesOf, TEXT_TYPES } from '../../core/module.ts';
import type { FieldDefinition, FieldType } from '../../core/module.ts';
import { BOOLEAN, choice, COUNT, FILLED, listOf, matching, TEXT } from '../attribute-kind.ts';
import { shape, type AttributeValues, type Place } from '../place.ts';

const FIELD = shape({
  attributes: {
    name: matching(/^[a-z][a-z0-9_]{0,62}$/u, 'a field name: a small letter, then small letters, digits or "_"'),
    label: FILLED,
    type: choice(
      'string',
      'text',
      'integer',
      'number',
      'currency',
      'boolean',
      'date',
      'datetime',
      'time',
      'email',
      'phone',
      'url',
      'picklist',
      'multipicklist',
      'reference',
      'owner',
      'file',
    ),
    length: COUNT,
    mandatory: BOOLEAN,
    'read-only': BOOLEAN,
    default: TEXT,
    strict: BOOLEAN,
    references: listOf(/^[A-Za-z][A-Za-z0-9._-]*$/u, 'a list of module names'),
  },
  required: ['name', 'type'],
  children: { option: 'many' },
});

const OPTION = shape({ attributes: { value: FILLED, label: FILLED }, required: ['value'] });

const RESERVED_NAMES: ReadonlySet<string> = new Set([
  'id',
  'createdtime',
  'modifiedtime',
  'module',
  'version',
  'record_id',
  'record_module',
  // What every JavaScript object has by this name would be taken for the field's value.
  'constructor',
]);

/** Types whose values are among the options. */
const CHOICE_TYPES: ReadonlySet<FieldType> = new Set(['picklist', 'multipicklist']);

/** What a default value of a type looks like, where not any text will do. */
const DEFAULT_FORMS: Partial<Readonly<Record<FieldType, RegExp>>> = {
  integer: /^-?[0-9]{1,15}$/u,
  number: /^-?[0-9]+(?:\.[0-9]+)?$/u,
  currency: /^-?[0-9]+(?:\.[0-9]+)?$/u,
  boolean: /^(?:true|false)$/u,
  date: /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/u,
  time: /^[0-9]{2}:[0-9]{2}:[0-9]{2}$/u,
  datetime: /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/u,
  reference: /^[0-9]+x[0-9]+$/u,
  owner: /^[0-9]+x[0-9]+$/u,
  // A document brings no file along.
  file: /^(?!)/u,
};

const OPTION_HINT = 'leave out blanks at its ends and "|##|", which separates the values of a multipicklist';

interface ReadOption {
  readonly value: string;
  readonly label: string | undefined;
}

/** One `<field>` of a module; `field` is undefined when it lacks a name or type, `nameAt` when it lacks a usable name. */
export function readField(place: Place): {
  readonly field: FieldDefinition | undefined;
  readonly nameAt: Located<string> | undefined;
} {
  const open = place.open(FIELD);
  const { name, type } = open.attributes;
  const options = readOptions(open.all('option'), type === 'multipicklist');
  if (name !== undefined && RESERVED_NAMES.has(name.value)) {
    place.errorAt(
      name,
      'MODULE_FIELD_RESERVED',
      `a record has "${name.value}" of itself already`,
      'choose another name',
    );
  }
  if (type !== undefined) checkType(place, type, open.attributes, options);
  if (name === undefined || type === undefined) return { field: undefined, nameAt: name };
  return { field: definitionOf(name.value, type, open.attributes, options), nameAt: name };
}

type FieldValues = AttributeValues<(typeof FIELD)['attributes']>;

function definitionOf(
  name: string,
  type: FieldType,
  values: FieldValues,
  options: readonly ReadOption[],
): FieldDefinition {
  const labelled = options.some((option) => option.label !== undefined);
  return {
    name,
    label: values.label?.value ?? name,
    type,
    mandatory: values.mandatory ?? false,
    readOnly: values['read-only'] ?? false,
    ...(values.length === undefined ? {} : { length: values.length }),
    ...(values.default === undefined ? {} : { defaultValue: values.default.value }),
    ...(values.strict === false ? { strict: false } : {}),
    ...(CHOICE_TYPES.has(type) ? { options: options.map((option) => option.value) } : {}),
    ...(labelled ? { optionLabels: options.map(({ value, label }) => label ?? value) } : {}),
    ...(values.references === undefined ? {} : { references: values.references.map((module) => module.value) }),
  };
}

function readOptions(places: readonly Place[], severalAtOnce: boolean): ReadOption[] {
  const seen = new Set<string>();
  return places.flatMap((place) => {
    const { value, label } = place.open(OPTION).attributes;
    if (value === undefined) return [];
    if (seen.has(value.value)) place.errorAt(value, 'MODULE_OPTION_DUPLICATE', 'this option stands here twice');
    seen.add(value.value);
    // What a record keeps is taken apart at `|##|`, and blanks around each value are left away.
    if (severalAtOnce && choicesOf(value.value)[0] !== value.value) {
      place.errorAt(value, 'MODULE_OPTION_VALUE', 'this value could not be told from others beside it', OPTION_HINT);
    }
    return [{ value: value.value, label: label?.value }];
  });
}

function checkType(place: Place, type: FieldType, values: FieldValues, options: readonly ReadOption[]): void {
  const hasOptions = place.element.children.some((child) => child.name === 'option');
  const isChoice = CHOICE_TYPES.has(type);
  if (hasOptions !== isChoice) {
    const message = hasOptions ? `a ${type} field has no options` : `a ${type} needs options`;
    const hint = 'options go with type="picklist" and "multipicklist": <option value="..."/>';
    place.error('MODULE_FIELD_OPTIONS', message, hint);
  }
  if (values.strict !== undefined && !isChoice) {
    const message = `a ${type} field has no options to be strict about`;
    place.error('MODULE_FIELD_OPTIONS', message, 'remove strict, or write type="picklist"');
  }
  const hasReferences = place.element.attributes.has('references');
  if (hasReferences !== (type === 'reference')) {
    const message = hasReferences
      ? `a ${type} field refers to no module`
      : 'a reference needs the modules it may refer to';
    place.error('MODULE_FIELD_REFERENCES', message, 'write type="reference" references="Accounts Contacts"');
  }
  if (values.length !== undefined && !TEXT_TYPES.has(type)) {
    place.error('MODULE_FIELD_LENGTH', `a ${type} field has no length`, 'remove length');
  }
  if (values.default === undefined) return;
  if (isChoice) checkDefaultChoice(place, type, { value: values.default, options, strict: values.strict ?? true });
  else checkDefault(place, type, values.default);
}

function checkDefault(place: Place, type: FieldType, value: SourceText): void {
  if (DEFAULT_FORMS[type]?.test(value.value) ?? true) return;
  place.errorAt(value, 'MODULE_FIELD_DEFAULT', `the default is not a ${type}`);
}

function checkDefaultChoice(
  place: Place,
  type: FieldType,
  given: { readonly value: SourceText; readonly options: readonly ReadOption[]; readonly strict: boolean },
): void {
  const { value, options, strict } = given;
  const choices = type === 'multipicklist' ? choicesOf(value.value) : [value.value];
  const wrong = choices.find((choice) => !options.some((option) => option.value === choice));
  if (wrong === undefined || !strict) return;
  const hint = didYouMean(
    wrong,
    options.map((option) => option.value),
  );
  place.errorAt(value, 'MODULE_FIELD_DEFAULT', 'the default is not one of the options', hint);
}
