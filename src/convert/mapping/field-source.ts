import { dataPathOf } from '../../catalog/mapping/mapping-parts.ts';
import type { ParameterSource } from '../../document/map.ts';
import type { FieldSetting } from '../../document/task.ts';
import { CannotConvert } from '../conversion.ts';
import { legacyParts } from '../map/legacy-source.ts';
import { attributeSource, type NativeSource, textSource } from '../map/native-source.ts';
import { templatePieces } from '../map/template-part.ts';
import { expressionSource } from './expression-source.ts';
import { fieldTemplate, joinedSource } from './joined-source.ts';
import type { MappingConversion } from './mapping-conversion.ts';
import { defaulted, nameSource } from './name-source.ts';
import type { PartPlace } from './part-place.ts';

/** What a field of a coreBOS mapping is made of, as a native source. Throws CannotConvert for what no mapping has. */
export function fieldSource(conversion: MappingConversion, { field, source, range }: FieldSetting): NativeSource {
  if (source.kind === 'value') return attributeSource('value', source.text);
  if (source.kind !== 'parts')
    throw new CannotConvert(`the field ${field.value} has a source that mappings do not have`);
  const at = `field ${field.value}`;
  const target = conversion.to?.fields.find(({ name }) => name === field.value);
  const [part, ...more] = source.parts;
  if (part?.source === 'const' && more.length === 0 && part.postProcess === undefined) {
    return attributeSource('value', part.text.value);
  }
  if (conversion.options.keepTypes) return legacyParts(source);
  if (part !== undefined && more.length === 0) return onePart({ conversion, at, part, target });
  try {
    return joinedSource({ conversion, at, target }, source.parts, source.delimiter);
  } catch (thrown) {
    if (!(thrown instanceof CannotConvert)) throw thrown;
    conversion.note('kept', at, `the parts stay as they are: ${thrown.message}`, { range });
    return legacyParts(source);
  }
}

function onePart(place: PartPlace): NativeSource {
  const { conversion, at, part } = place;
  if (part.postProcess !== undefined) {
    return kept(place, `${part.postProcess} stays: it also takes what native types refuse`);
  }
  const name = part.text.value;
  switch (part.source) {
    case 'const':
      return attributeSource('value', name);
    case 'name':
      return dataSource(name) ?? nameSource(place, name) ?? kept(place, `what ${name.trim()} is cannot be told`);
    case 'expression':
      return expressionSource(place);
    case 'rule':
      return ruleSource(place);
    case 'field':
    case 'template': {
      const path = part.source === 'field' ? dataPathOf(name) : undefined;
      if (path !== undefined) return defaulted('field', path);
      const template = part.source === 'field' ? fieldTemplate(name) : name;
      const pieces = templatePieces(template, conversion.from, conversion.known.modules);
      if (pieces !== undefined) return textSource(pieces);
      const message = 'the template stays as it is: its values are formatted for a user, as coreBOS does';
      conversion.note('kept', at, message, part.text);
      return attributeSource('legacy-template', template);
    }
  }
}

function dataSource(name: string): NativeSource | undefined {
  const isPath = /^\w+(?:\.[\w-]+)+$/u.test(name);
  return isPath ? defaulted('field', name) : undefined;
}

function ruleSource(place: PartPlace): NativeSource {
  const { conversion, part } = place;
  const name = (part.rule ?? part.text).value.trim();
  if (!conversion.known.rules.has(name)) return kept(place, `the rule ${name} is not among the documents`);
  if (part.rule !== undefined) return kept(place, `of rows, the rule ${name} sees only a part`);
  return attributeSource('rule', name);
}

function kept({ conversion, at, part }: PartPlace, why: string): NativeSource {
  conversion.note('kept', at, why, part.text);
  const source: Extract<ParameterSource, { kind: 'parts' }> = { kind: 'parts', parts: [part], delimiter: '' };
  return legacyParts(source);
}
