import type { FieldDefinition } from '../../core/module.ts';
import type { LegacyPart, Parameter } from '../../document/map.ts';
import { memberCode } from '../expression/quote.ts';
import { momentText } from '../expression/translate.ts';
import { legacyParts } from './legacy-source.ts';
import type { MapConversion, ValuePlace } from './map-conversion.ts';
import { attributeSource, jsonataSource, type NativeSource } from './native-source.ts';

/** The source for an Orgfield without OrgfieldID: a field of the record, or else a value of the context. */
export function nameSource(
  conversion: MapConversion,
  parameter: Parameter,
  part: LegacyPart,
  place: ValuePlace,
): NativeSource {
  const name = part.text.value.trim();
  const { module } = conversion;
  const field = module?.fields.find((candidate) => candidate.name === name);
  if (field !== undefined) return fieldSource(conversion, parameter, field, place);
  const isContext = conversion.known.contextKeys.has(name) || (module !== undefined && !/^record_|^id$/u.test(name));
  if (isContext && /^[A-Za-z_]\w*$/u.test(name)) return contextSource(conversion, parameter, name, place);
  if (module === undefined && /^[A-Za-z_]\w*$/u.test(name) && !/^record_|^id$|_id$/u.test(name)) {
    return assumedField(conversion, parameter, name, place);
  }
  const why = `what ${name} is cannot be told${module === undefined ? ': its module is not among the documents' : ''}`;
  conversion.note('kept', `parameter ${parameter.name}`, why, part.text);
  return legacyParts({ kind: 'parts', parts: [part], delimiter: '' });
}

function assumedField(conversion: MapConversion, parameter: Parameter, name: string, place: ValuePlace): NativeSource {
  const named = conversion.map.module?.value ?? 'of its records';
  const typed = place === 'json' ? ', sent with its type where coreBOS sends text' : '';
  conversion.note(
    'assumed',
    `parameter ${parameter.name}`,
    `${name} is taken for a text field of the record${typed}: the module ${named} is not among the documents`,
    parameter,
  );
  return {
    attributes: [
      ['field', name],
      ['default', ''],
    ],
  };
}

/** A field of a known type. What differs from the text that coreBOS sends is noted. */
export function fieldSource(
  conversion: MapConversion,
  { name: at, range }: Parameter,
  { name, type }: FieldDefinition,
  place: ValuePlace,
): NativeSource {
  const note = (message: string): void => {
    if (place === 'json') conversion.note('type', `parameter ${at}`, `${message}; coreBOS sends text`, { range });
  };
  const code = memberCode('record', name) ?? '';
  switch (type) {
    case 'integer':
    case 'number':
    case 'currency':
      note(`${name} is a number, null when it is empty`);
      return place === 'php-form' ? jsonataSource(`${code} = null ? '' : ${code}`) : attributeSource('field', name);
    case 'boolean':
      note(`${name} is true or false`);
      return jsonataSource(place === 'json' ? `${code} = true` : `${code} = true ? '1' : '0'`);
    case 'datetime':
      return jsonataSource(momentText(code));
    case 'date':
    case 'time':
      note(`${name} is null when it is empty`);
      return place === 'php-form' ? jsonataSource(`${code} = null ? '' : ${code}`) : attributeSource('field', name);
    case 'reference':
    case 'owner':
      return jsonataSource(`$substringAfter(${code}, 'x')`);
    default:
      return attributeSource('field', name);
  }
}

/** A value of the context, nothing when there is none. */
export function contextSource(
  conversion: MapConversion,
  { name: at, range }: Parameter,
  key: string,
  place: ValuePlace,
): NativeSource {
  if (place === 'json') {
    const message = `${key} has the type that it has in the context; coreBOS sends numbers and truths as text`;
    conversion.note('type', `parameter ${at}`, message, { range });
  }
  return {
    attributes: [
      ['context', key],
      ['default', ''],
    ],
  };
}
