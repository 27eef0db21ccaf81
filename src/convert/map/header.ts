import type { Parameter } from '../../document/map.ts';
import { CannotConvert } from '../conversion.ts';
import { escapeBraces } from '../expression/text-piece.ts';
import { quoteText } from '../expression/quote.ts';
import type { NativeElement } from '../native-element.ts';
import type { MapConversion } from './map-conversion.ts';
import { attributeSource, jsonataSource, type NativeSource } from './native-source.ts';
import { cutReplaced, isPlainName, type ReplacedPart } from './replaced-text.ts';

/** The headers of a coreBOS map. Throws CannotConvert for one that native maps cannot say. */
export function convertHeaders(conversion: MapConversion): NativeElement[] {
  const headers = conversion.map.parameters.filter((parameter) => parameter.in === 'header');
  const names = headers.map(({ name }) => name.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new CannotConvert(`it sends the header ${twice} twice`);
  return headers.flatMap((header) => convertHeader(conversion, header));
}

function convertHeader(conversion: MapConversion, { name, source }: Parameter): NativeElement[] {
  if (source.kind !== 'legacy-text' || source.text.value.trim() === '') return [];
  const parts = cutReplaced(source.text.value);
  if (!parts.every((part) => part.kind === 'literal' || isPlainName(part.name))) {
    throw new CannotConvert(`a placeholder cannot say every name in the header ${name}`);
  }
  if (parts.some(({ kind }) => kind === 'setting')) {
    const message = 'a setting that is not there fails the step; coreBOS sends nothing in its place';
    conversion.note('changed', `header ${name}`, message, source.text);
  }
  const { attributes, child } = headerSource(parts);
  const isSensitive = parts.some(({ kind }) => kind !== 'literal') && conversion.options.isSensitiveName(name);
  return [
    {
      name: 'header',
      attributes: [['name', name], ...attributes, ...(isSensitive ? [['sensitive', 'true'] as const] : [])],
      ...(child === undefined ? {} : { children: [child] }),
    },
  ];
}

/** A header without its context value is not sent, nor is one that comes to nothing. */
function headerSource(parts: readonly ReplacedPart[]): NativeSource {
  const [first, ...more] = parts;
  if (first?.kind === 'literal' && more.length === 0) return attributeSource('value', first.text);
  const omit = [['when-empty', 'omit']] as const;
  if (first !== undefined && first.kind !== 'literal' && more.length === 0) {
    return {
      attributes: [[first.kind, first.name], ...(first.kind === 'context' ? [['default', ''] as const] : []), ...omit],
    };
  }
  const contexts = parts.flatMap((part) => (part.kind === 'context' ? [`context.${part.name}`] : []));
  if (contexts.length === 0) {
    const texts = parts.map((part) =>
      part.kind === 'literal' ? escapeBraces(part.text) : `{${part.kind}.${part.name}}`,
    );
    return attributeSource('template', texts.join(''));
  }
  const text = parts
    .map((part) => (part.kind === 'literal' ? quoteText(part.text) : `${part.kind}.${part.name}`))
    .join(' & ');
  const source = jsonataSource(`${contexts.join(' and ')} ? ${text} : ''`);
  return { ...source, attributes: [...source.attributes, ...omit] };
}
