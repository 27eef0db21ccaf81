import { BOOLEAN, CONTEXT_KEY, FILLED, TEXT } from '../../attribute-kind.ts';
import { shape, type OpenElement, type Place } from '../../place.ts';
import type { ContextSetting, FieldSetting } from '../../task.ts';
import { PARAMETER_TYPE, readNestedParameters, WHEN_EMPTY } from '../parameter.ts';
import { readSource, SOURCE_ATTRIBUTES } from '../source.ts';

const SET_FIELD = shape({
  attributes: { ...SOURCE_ATTRIBUTES, from: FILLED, type: PARAMETER_TYPE, default: TEXT, 'when-empty': WHEN_EMPTY },
  required: ['field'],
  children: { parameter: 'many', jsonata: 'optional', 'legacy-parts': 'optional' },
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
  const { from } = open.attributes;
  const also = {
    name: 'from',
    isWritten: open.has('from'),
    isMisspelt: open.isMisspelt('from'),
    source: from && ({ kind: 'field', name: from } as const),
  };
  const source = readSource(open, { without: 'field', nested: readNestedParameters, also });
  const { field, type, default: defaultValue, 'when-empty': whenEmpty } = open.attributes;
  if (source === undefined || field === undefined) return [];
  const { range } = place.element;
  return [{ field, source, type, defaultValue: defaultValue?.value, whenEmpty, range, path: place.path }];
}

/** Tells TASK_SETS_NOTHING of a task that says in no way what a record gets. */
export function requireSettings(open: OpenElement<{ readonly mapping: typeof FILLED }>): void {
  if (open.all('set').length > 0 || open.has('mapping')) return;
  open.at.error('TASK_SETS_NOTHING', `<${open.at.name}> says not what the record gets`, 'add <set>, or mapping="..."');
}

/** A `<set context="...">`; nothing when it is incomplete, which has been told then. */
export function readContextSetting(place: Place): ContextSetting[] {
  const open = place.open(SET_CONTEXT);
  const source = readSource(open, { without: 'context', nested: readNestedParameters });
  const { context: key, type, sensitive } = open.attributes;
  return source === undefined || key === undefined ? [] : [{ key, source, type, sensitive: sensitive ?? false }];
}

/** A `<context name="...">` of a run to be started; nothing when it is incomplete, which has been told then. */
export function readInitialContext(place: Place): ContextSetting[] {
  const open = place.open(CONTEXT);
  const source = readSource(open, { nested: readNestedParameters });
  const { name: key, type, sensitive } = open.attributes;
  return source === undefined || key === undefined ? [] : [{ key, source, type, sensitive: sensitive ?? false }];
}
