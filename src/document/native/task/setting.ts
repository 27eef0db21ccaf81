import { BOOLEAN, CONTEXT_KEY, type FILLED } from '../../attribute-kind.ts';
import { shape, type OpenElement, type Place } from '../../place.ts';
import type { ContextSetting, FieldSetting } from '../../task.ts';
import { PARAMETER_TYPE, readParameters } from '../parameter.ts';
import { readSource, SOURCE_ATTRIBUTES } from '../source.ts';

const SET_FIELD = shape({
  attributes: { ...SOURCE_ATTRIBUTES, type: PARAMETER_TYPE },
  required: ['field'],
  children: { parameter: 'many', jsonata: 'optional' },
  text: true,
});

const CONTEXT_VALUE = { ...SOURCE_ATTRIBUTES, type: PARAMETER_TYPE, sensitive: BOOLEAN } as const;

const SET_CONTEXT = shape({
  attributes: { ...CONTEXT_VALUE, context: CONTEXT_KEY },
  required: ['context'],
  children: { parameter: 'many', jsonata: 'optional' },
  text: true,
});

const CONTEXT = shape({
  attributes: { ...CONTEXT_VALUE, name: CONTEXT_KEY },
  required: ['name'],
  children: { parameter: 'many', jsonata: 'optional' },
  text: true,
});

/** A `<set field="...">`; nothing when it is incomplete, which has been told then. */
export function readFieldSetting(place: Place): FieldSetting[] {
  const open = place.open(SET_FIELD);
  const source = readSource(open, { without: 'field', nested: readParameters });
  const { field, type } = open.attributes;
  if (source === undefined || field === undefined) return [];
  return [{ field, source, type, range: place.element.range, path: place.path }];
}

/** Tells TASK_SETS_NOTHING of a task that says in no way what a record gets. */
export function requireSettings(open: OpenElement<{ readonly mapping: typeof FILLED }>): void {
  if (open.all('set').length > 0 || open.has('mapping')) return;
  open.at.error('TASK_SETS_NOTHING', `<${open.at.name}> says not what the record gets`, 'add <set>, or mapping="..."');
}

/** A `<set context="...">`; nothing when it is incomplete, which has been told then. */
export function readContextSetting(place: Place): ContextSetting[] {
  const open = place.open(SET_CONTEXT);
  const source = readSource(open, { without: 'context', nested: readParameters });
  const { context: key, type, sensitive } = open.attributes;
  return source === undefined || key === undefined ? [] : [{ key, source, type, sensitive: sensitive ?? false }];
}

/** A `<context name="...">` of a run to be started; nothing when it is incomplete, which has been told then. */
export function readInitialContext(place: Place): ContextSetting[] {
  const open = place.open(CONTEXT);
  const source = readSource(open, { nested: readParameters });
  const { name: key, type, sensitive } = open.attributes;
  return source === undefined || key === undefined ? [] : [{ key, source, type, sensitive: sensitive ?? false }];
}
