import { withoutLastDelimiters } from '../../catalog/joined-parts.ts';
import type { LegacyPart } from '../../document/map.ts';
import { CannotConvert } from '../conversion.ts';
import { joinPieces, literalText, textCode, type TextPiece } from '../expression/text-piece.ts';
import { jsonataSource, type NativeSource, textSource } from '../map/native-source.ts';
import { templatePieces } from '../map/template-part.ts';
import { expressionPieces } from './expression-source.ts';
import type { PartPlace } from './part-place.ts';

/**
 * Several Orgfields as one text, with the delimiter between them and as many taken from the end as were put there. Throws
 * CannotConvert where a part is not a text for certain, or is processed.
 */
export function joinedSource(
  place: Omit<PartPlace, 'part'>,
  parts: readonly LegacyPart[],
  delimiter: string,
): NativeSource {
  if (parts.some(({ postProcess }) => postProcess !== undefined)) {
    throw new CannotConvert('coreBOS processes what they have come to in a way of its own');
  }
  const pieces = parts.map((part) => piecesOf({ ...place, part }));
  if (delimiter === '') return textSource(pieces.flat());
  const between: TextPiece = { kind: 'literal', text: delimiter };
  const whole = pieces.flatMap((own) => [...own, between]);
  const constant = literalText(whole);
  if (constant !== undefined) {
    return textSource([{ kind: 'literal', text: withoutLastDelimiters(constant, delimiter, parts.length) }]);
  }
  if (endsSafely(pieces.at(-1) ?? [], delimiter)) return textSource(whole.slice(0, -1));
  return jsonataSource(`$replace(${textCode(whole)}, /(?:${escaped(delimiter)}){1,${parts.length}}$/, '')`);
}

/** True when nothing but the last delimiter can be taken from the end. */
function endsSafely(last: readonly TextPiece[], delimiter: string): boolean {
  const end = joinPieces(last).at(-1);
  return end?.kind === 'literal' && !end.text.endsWith(delimiter) && !delimiter.endsWith(end.text);
}

/** The delimiter in a regular expression that stands between slashes. */
function escaped(text: string): string {
  const plain = text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
  return plain.replaceAll('\n', String.raw`\n`).replaceAll('\t', String.raw`\t`);
}

function piecesOf(place: PartPlace): readonly TextPiece[] {
  const { conversion, part } = place;
  const { from, known } = conversion;
  const text = part.text.value;
  switch (part.source) {
    case 'const':
      return [{ kind: 'literal', text }];
    case 'name':
      return certain(isTextField(place, text) ? templatePieces(`$${text}`, from, known.modules) : undefined);
    case 'field':
      return certain(templatePieces(fieldTemplate(text), from, known.modules));
    case 'template':
      return certain(templatePieces(text, from, known.modules));
    case 'expression':
      return expressionPieces(place);
    case 'rule':
      throw new CannotConvert('what a rule answers is no text for certain');
  }
}

function certain(pieces: readonly TextPiece[] | undefined): readonly TextPiece[] {
  if (pieces === undefined) throw new CannotConvert('not all of them are texts for certain');
  return pieces;
}

/** FIELD names one field, with or without its sign. */
export function fieldTemplate(text: string): string {
  const name = text.trim();
  return /^[$Ç]/u.test(name) ? name : `$${name}`;
}

/** References are left out: a plain name gives their number, a template their id. */
function isTextField({ conversion }: PartPlace, name: string): boolean {
  const type = conversion.from?.fields.find((field) => field.name === name)?.type;
  return type !== undefined && type !== 'reference' && type !== 'owner';
}
