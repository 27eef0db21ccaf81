import type { LegacyPart, Parameter, ParameterSource } from '../../document/map.ts';
import { CannotConvert } from '../conversion.ts';
import type { NativeElement } from '../native-element.ts';
import type { TextPiece } from '../expression/text-piece.ts';
import { expressionPieces, expressionSource } from './expression-source.ts';
import { legacyParts, refuseSource } from './legacy-source.ts';
import type { MapConversion, ValuePlace } from './map-conversion.ts';
import { nameSource } from './name-source.ts';
import { attributeSource, type NativeSource, textSource } from './native-source.ts';
import { templatePieces } from './template-part.ts';

/** One field of a coreBOS map as a native parameter. Throws CannotConvert. */
export function convertParameter(
  conversion: MapConversion,
  parameter: Parameter,
  where: { readonly place: ValuePlace; readonly in: string | undefined },
): NativeElement {
  const { attributes, child, text } = sourceOf(conversion, parameter, where.place);
  const placed = where.in === undefined ? [] : [['in', where.in] as const];
  return {
    name: 'parameter',
    attributes: [['name', parameter.name], ...placed, ...attributes],
    ...(child === undefined ? {} : { children: [child] }),
    ...(text === undefined ? {} : { text }),
  };
}

function sourceOf(conversion: MapConversion, parameter: Parameter, place: ValuePlace): NativeSource {
  const { source } = parameter;
  if (source.kind === 'value') return attributeSource('value', source.text);
  if (source.kind !== 'parts') return refuseSource(parameter);
  const [part, ...more] = source.parts;
  const isConstant = part?.source === 'const' && more.length === 0 && part.postProcess === undefined;
  if (part !== undefined && isConstant) return attributeSource('value', part.text.value);
  if (conversion.options.keepTypes) return legacyParts(source);
  if (part === undefined || more.length > 0) return joinedSource(conversion, parameter, source);
  return part.postProcess === undefined
    ? partSource(conversion, { parameter, part, place })
    : processedSource(conversion, parameter, source, part.postProcess);
}

interface OnePart {
  readonly parameter: Parameter;
  readonly part: LegacyPart;
  readonly place: ValuePlace;
}

function partSource(conversion: MapConversion, { parameter, part, place }: OnePart): NativeSource {
  const { text } = part;
  const at = `parameter ${parameter.name}`;
  switch (part.source) {
    case 'const':
      return attributeSource('value', text.value);
    case 'name':
      return nameSource(conversion, parameter, part, place);
    case 'expression':
      return expressionSource({ conversion, parameter, part, place });
    case 'rule':
      return ruleSource(conversion, { parameter, part, place });
    case 'field':
    case 'template': {
      const template = part.source === 'template' ? text.value : fieldTemplate(text.value);
      const pieces = templatePieces(template, conversion.module, conversion.known.modules);
      if (pieces !== undefined) return textSource(pieces);
      conversion.note(
        'kept',
        at,
        'the template stays as it is: its values are formatted for a user, as coreBOS does',
        text,
      );
      return attributeSource('legacy-template', template);
    }
  }
}

/** FIELD names one field, with or without its `$`. */
function fieldTemplate(text: string): string {
  const name = text.trim();
  return /^[$Ç]/u.test(name) ? name : `$${name}`;
}

function ruleSource(conversion: MapConversion, { parameter, part, place }: OnePart): NativeSource {
  const name = (part.rule ?? part.text).value.trim();
  const at = `parameter ${parameter.name}`;
  if (place !== 'json' || !conversion.known.rules.has(name)) {
    const why = place !== 'json' ? 'its answer is sent as coreBOS writes it' : 'it is not among the documents';
    conversion.note('kept', at, `the rule ${name} stays an Orgfield: ${why}`, part.text);
    return legacyParts({ kind: 'parts', parts: [part], delimiter: '' });
  }
  conversion.note(
    'type',
    at,
    'the rule gives its answer with its type; coreBOS sends numbers and truths as text',
    part.text,
  );
  return attributeSource('rule', name);
}

type PartsSource = Extract<ParameterSource, { kind: 'parts' }>;

function processedSource(
  conversion: MapConversion,
  parameter: Parameter,
  source: PartsSource,
  postProcess: string,
): NativeSource {
  const message = `${postProcess} stays: it also takes what native types refuse`;
  conversion.note('kept', `parameter ${parameter.name}`, message, parameter);
  return legacyParts(source);
}

/** Several parts as one template or expression, when nothing stands between them and each is a text for certain. */
function joinedSource(conversion: MapConversion, parameter: Parameter, source: PartsSource): NativeSource {
  const at = `parameter ${parameter.name}`;
  const isPlain = source.delimiter === '' && source.parts.every(({ postProcess }) => postProcess === undefined);
  try {
    if (!isPlain) throw new CannotConvert('coreBOS joins and processes them in a way of its own');
    const pieces = source.parts.map((part) => piecesOf(conversion, at, part));
    if (pieces.every((piece) => piece !== undefined)) return textSource(pieces.flat());
    throw new CannotConvert('not all of them are texts for certain');
  } catch (thrown) {
    if (!(thrown instanceof CannotConvert)) throw thrown;
    conversion.note('kept', at, `the parts stay as they are: ${thrown.message}`, parameter);
    return legacyParts(source);
  }
}

function piecesOf(conversion: MapConversion, at: string, part: LegacyPart): readonly TextPiece[] | undefined {
  const { module, known } = conversion;
  const text = part.text.value;
  switch (part.source) {
    case 'const':
      return [{ kind: 'literal', text }];
    case 'name':
      return isTextField(conversion, text.trim())
        ? templatePieces(`$${text.trim()}`, module, known.modules)
        : undefined;
    case 'field':
      return templatePieces(fieldTemplate(text), module, known.modules);
    case 'template':
      return templatePieces(text, module, known.modules);
    case 'expression':
      return expressionPieces(conversion, at, part);
    case 'rule':
      return undefined;
  }
}

/** References are left out: a plain name gives their number, a template their id. */
function isTextField({ module }: MapConversion, name: string): boolean {
  const type = module?.fields.find((field) => field.name === name)?.type;
  return type !== undefined && type !== 'reference' && type !== 'owner';
}
