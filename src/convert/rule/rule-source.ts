import type { SourceText } from '../../core/diagnostic.ts';
import type { LegacyNode } from '../../expression/legacy/tree.ts';
import { hasValuePlaceholders } from '../../expression/legacy/value-placeholder.ts';
import { CannotConvert } from '../conversion.ts';
import { onOneLine, readExpression } from '../expression/read-expression.ts';
import { createTranslator, type Translator } from '../expression/translate.ts';
import { codeOf, type Translated } from '../expression/translated.ts';
import { attributeSource, jsonataSource, type NativeSource, textSource } from '../map/native-source.ts';
import { templatePieces } from '../map/template-part.ts';
import type { RuleConversion } from './rule-conversion.ts';

/** One text of a rule that is being converted. */
export interface RuleText {
  readonly conversion: RuleConversion;
  /** `row 2`, `rule`. */
  readonly at: string;
  readonly text: SourceText;
}

/** An expression's tree and what translates it. Throws CannotConvert for what cannot be read, or is known only when it is asked. */
export function readRuleExpression({ conversion, at, text }: RuleText): {
  readonly tree: LegacyNode;
  readonly translator: Translator;
} {
  const { module, known, options } = conversion;
  if (options.keepTypes) throw new CannotConvert('every value stays what coreBOS gives');
  if (hasValuePlaceholders(text.value)) throw new CannotConvert('$[name] is put into its text before it is read');
  const tree = readExpression(text.value);
  if (tree === undefined) throw new CannotConvert('it cannot be read');
  const assumeText = (key: string): void => conversion.note('assumed', at, `the context value ${key} is a text`, text);
  return { tree, translator: createTranslator({ module, modules: known.modules, assumeText }) };
}

/** The expression in JSONata or something plainer where that means the same, else as it is. */
export function expressionSource(given: RuleText, write = typedSource): NativeSource {
  try {
    const { tree, translator } = readRuleExpression(given);
    return write(given, translator, tree);
  } catch (thrown) {
    if (!(thrown instanceof CannotConvert)) throw thrown;
    return keptSource(given, thrown.message);
  }
}

/** The expression as it is, and why. */
export function keptSource({ conversion, at, text }: RuleText, reason: string): NativeSource {
  conversion.note('kept', at, `the expression stays as it is: ${reason}`, text);
  return attributeSource('legacy', onOneLine(text.value));
}

function typedSource({ conversion, at, text }: RuleText, translator: Translator, tree: LegacyNode): NativeSource {
  const value = translator.value(tree);
  if (value.kind === 'text') return textSource(value.pieces);
  const told = typeNote(value);
  if (told !== undefined) conversion.note('type', at, told, text);
  return jsonataSource(codeOf(value));
}

function typeNote(value: Exclude<Translated, { kind: 'text' }>): string | undefined {
  switch (value.kind) {
    case 'truth':
      return undefined;
    case 'checkbox':
      return 'it is true or false; coreBOS gives 1 or 0';
    case 'moment':
      return 'it is null when it is empty; coreBOS gives an empty text';
    case 'number':
      return value.isStored || value.isNullable
        ? 'it is a number, null when it is empty; coreBOS gives text'
        : undefined;
  }
}

/** A template as a native one where it means the same, else as it is. */
export function templateSource({ conversion, at, text }: RuleText): NativeSource {
  const { module, known, options } = conversion;
  const isOpen = hasValuePlaceholders(text.value);
  const pieces = isOpen || options.keepTypes ? undefined : templatePieces(text.value, module, known.modules);
  if (pieces !== undefined) return textSource(pieces);
  const why = isOpen ? '$[name] stands for a value in it' : 'its values are formatted for a user, as coreBOS does';
  conversion.note('kept', at, `the template stays as it is: ${why}`, text);
  return attributeSource('legacy-template', text.value);
}
