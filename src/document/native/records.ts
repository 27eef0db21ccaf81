import { BOOLEAN, choice, CONTEXT_KEY, FILLED, listOf, TEXT } from '../attribute-kind.ts';
import type { RecordSetting, RecordsOutput } from '../map.ts';
import { shape, type Place } from '../place.ts';
import { PARAMETER_TYPE, readNestedParameters, WHEN_EMPTY } from './parameter.ts';
import { readSource, SOURCE_ATTRIBUTES } from './source.ts';
import { readValueForm, VALUE_FORM_ATTRIBUTES } from './value-form.ts';

const RECORDS = shape({
  attributes: {
    path: FILLED,
    module: FILLED,
    match: listOf(/^[A-Za-z_][A-Za-z0-9_]*$/u, 'a list of field names'),
    'when-empty': choice('fail', 'create'),
    'on-refused': choice('continue', 'stop'),
    optional: BOOLEAN,
    context: CONTEXT_KEY,
    fires: BOOLEAN,
  },
  required: ['module', 'match'],
  children: { set: 'many' },
});

const SET = shape({
  attributes: {
    ...SOURCE_ATTRIBUTES,
    ...VALUE_FORM_ATTRIBUTES,
    path: FILLED,
    type: PARAMETER_TYPE,
    default: TEXT,
    optional: BOOLEAN,
    'when-empty': WHEN_EMPTY,
  },
  required: ['field'],
  children: { parameter: 'many', jsonata: 'optional', 'legacy-parts': 'optional' },
  text: true,
});

/** A `<records>` element; nothing when it lacks a module or what tells one record from another. Tells TASK_SETS_NOTHING. */
export function readRecords(place: Place): RecordsOutput[] {
  const open = place.open(RECORDS);
  const sets = open.all('set').flatMap(readRecordSetting);
  if (open.all('set').length === 0) {
    place.error('TASK_SETS_NOTHING', '<records> says not what the records get', 'add <set field="..." path="..."/>');
  }
  const { path: from, module, match, optional, context, fires } = open.attributes;
  if (module === undefined || match === undefined) return [];
  return [
    {
      from,
      module,
      match,
      sets,
      whenEmpty: open.attributes['when-empty'] ?? 'fail',
      onRefused: open.attributes['on-refused'] ?? 'continue',
      optional: optional ?? false,
      context,
      fires: fires ?? false,
      range: place.element.range,
      path: place.path,
    },
  ];
}

function readRecordSetting(place: Place): RecordSetting[] {
  const open = place.open(SET);
  const { path, field, type, default: defaultValue, optional, 'when-empty': whenEmpty } = open.attributes;
  const also = {
    name: 'path',
    isWritten: open.has('path'),
    isMisspelt: open.isMisspelt('path'),
    source: path && ({ kind: 'path', text: path } as const),
  };
  const source = readSource(open, { without: 'field', nested: readNestedParameters, also });
  const form = readValueForm(open, type);
  if (source === undefined || field === undefined) return [];
  const rest = { whenEmpty, range: place.element.range, path: place.path };
  return [{ field, source, type, form, defaultValue: defaultValue?.value, optional: optional ?? false, ...rest }];
}
