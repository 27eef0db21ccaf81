import type { LegacyNode } from '../../expression/legacy/tree.ts';
import { CannotConvert } from '../conversion.ts';
import { onOneLine, readExpression } from '../expression/read-expression.ts';
import type { TextPiece } from '../expression/text-piece.ts';
import { createTranslator, type Translator } from '../expression/translate.ts';
import { codeOf, type Translated } from '../expression/translated.ts';
import { legacyParts } from '../map/legacy-source.ts';
import { attributeSource, jsonataSource, type NativeSource, textSource } from '../map/native-source.ts';
import type { PartPlace } from './part-place.ts';

/** The source for an EXPRESSION that stands alone: JSONata where that means the same, else the expression as it is. */
export function expressionSource(place: PartPlace): NativeSource {
  const { conversion, at, part } = place;
  try {
    const { tree, translator } = translation(place);
    const value = translator.value(tree);
    if (value.kind === 'text') return textSource(value.pieces);
    noteType(place, value);
    return jsonataSource(codeOf(value));
  } catch (thrown) {
    if (!(thrown instanceof CannotConvert)) throw thrown;
    conversion.note('kept', at, `the expression stays as it is: ${thrown.message}`, part.text);
    const line = onOneLine(part.text.value);
    return /["&<\n]/u.test(line) || line === ''
      ? legacyParts({ kind: 'parts', parts: [part], delimiter: '' })
      : attributeSource('legacy', line);
  }
}

function noteType({ conversion, at, part }: PartPlace, value: Exclude<Translated, { kind: 'text' }>): void {
  const told = typeNote(value);
  if (told !== undefined) conversion.note('type', at, told, part.text);
}

function typeNote(value: Exclude<Translated, { kind: 'text' }>): string | undefined {
  switch (value.kind) {
    case 'truth':
      return 'it is true or false; coreBOS gives 1 or an empty text';
    case 'checkbox':
      return 'it is true or false; coreBOS gives 1 or 0';
    case 'moment':
      return 'it is null when it is empty; coreBOS gives an empty text';
    case 'number':
      return value.isStored || value.isNullable ? 'it is a number; coreBOS gives text' : undefined;
  }
}

/** The pieces of an expression that stands among other parts. Throws CannotConvert. */
export function expressionPieces(place: PartPlace): readonly TextPiece[] {
  const { tree, translator } = translation(place);
  return translator.text(tree);
}

function translation(place: PartPlace): { readonly tree: LegacyNode; readonly translator: Translator } {
  const { conversion, at, part } = place;
  const { from: module, known } = conversion;
  const tree = readExpression(part.text.value);
  if (tree === undefined) throw new CannotConvert('it cannot be read');
  const assumeText = (key: string): void => {
    // To a mapping the record's fields are context, too.
    if (module === undefined || module.fields.some(({ name }) => name === key) || /^(?:id|record_\w+)$/u.test(key)) {
      throw new CannotConvert(`what getFromContext gives for ${key} may be a value of what is mapped`);
    }
    conversion.note('assumed', at, `the context value ${key} is a text`, part.text);
  };
  return { tree, translator: createTranslator({ module, modules: known.modules, assumeText }) };
}
