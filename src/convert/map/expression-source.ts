import type { LegacyPart, Parameter } from '../../document/map.ts';
import type { LegacyNode } from '../../expression/legacy/tree.ts';
import { toLegacyText } from '../../expression/legacy/value.ts';
import { CannotConvert } from '../conversion.ts';
import { readExpression, onOneLine } from '../expression/read-expression.ts';
import type { TextPiece } from '../expression/text-piece.ts';
import { createTranslator, type Translator } from '../expression/translate.ts';
import { codeOf } from '../expression/translated.ts';
import { legacyParts } from './legacy-source.ts';
import { givesText } from './list-value.ts';
import type { MapConversion, ValuePlace } from './map-conversion.ts';
import { contextSource, fieldSource } from './name-source.ts';
import { attributeSource, jsonataSource, type NativeSource, textSource } from './native-source.ts';

/** Digests that native parameters have, too. */
const DIGESTS: readonly string[] = ['md5', 'sha1', 'sha256'];

interface ExpressionPart {
  readonly conversion: MapConversion;
  readonly parameter: Parameter;
  readonly part: LegacyPart;
  readonly place: ValuePlace;
}

/** The source for an EXPRESSION: JSONata or something plainer where that means the same, else the expression as it is. */
export function expressionSource(given: ExpressionPart): NativeSource {
  const { conversion, parameter, part } = given;
  const tree = readExpression(part.text.value);
  const assumed = new Set<string>();
  try {
    if (tree === undefined) throw new CannotConvert('it cannot be read');
    const { module, known } = conversion;
    const assumeText = (key: string): void => void assumed.add(key);
    const translator = createTranslator({ module, modules: known.modules, assumeText });
    const source =
      plainSource(given, tree) ?? digestSource(translator, tree) ?? translatedSource(given, translator, tree);
    for (const key of assumed) {
      conversion.note('assumed', `parameter ${parameter.name}`, `the context value ${key} is a text`, part.text);
    }
    return source;
  } catch (thrown) {
    if (!(thrown instanceof CannotConvert)) throw thrown;
    conversion.note(
      'kept',
      `parameter ${parameter.name}`,
      `the expression stays as it is: ${thrown.message}`,
      part.text,
    );
    return keptSource(given, tree);
  }
}

/** As parts where a number or a truth has to become the text that coreBOS makes of it, or an attribute is hard to read. */
function keptSource(
  { conversion, parameter, part, place }: ExpressionPart,
  tree: LegacyNode | undefined,
): NativeSource {
  const isText = tree !== undefined && givesText(tree);
  const line = onOneLine(part.text.value);
  if ((place !== 'json' && !isText) || /["&<\n]/u.test(line)) {
    return legacyParts({ kind: 'parts', parts: [part], delimiter: '' });
  }
  if (!isText) {
    const message = 'the expression gives its value with its type; coreBOS sends numbers and truths as text';
    conversion.note('type', `parameter ${parameter.name}`, message, part.text);
  }
  return attributeSource('legacy', line);
}

/** A literal, a field, or one value of the context. */
function plainSource(
  { conversion, parameter, part, place }: ExpressionPart,
  tree: LegacyNode,
): NativeSource | undefined {
  if (tree.kind === 'literal') return attributeSource('value', toLegacyText(tree.value));
  if (tree.kind === 'symbol') {
    const field = conversion.module?.fields.find(({ name }) => name === tree.name);
    const isName = field?.type === 'reference' || field?.type === 'owner';
    return field === undefined || isName ? undefined : fieldSource(conversion, parameter, field, place);
  }
  const [name, ...more] = tree.kind === 'call' && tree.name === 'getFromContext' ? tree.arguments : [];
  const key = name?.kind === 'literal' && more.length === 0 ? String(name.value) : '';
  if (!/^[A-Za-z_]\w*$/u.test(key)) return undefined;
  const message = `a ${key} of 0 or false is sent as it is; coreBOS sends nothing`;
  conversion.note('changed', `parameter ${parameter.name}`, message, part.text);
  return contextSource(conversion, parameter, key, place);
}

/** `hash(text, 'md5')` */
function digestSource(translator: Translator, tree: LegacyNode): NativeSource | undefined {
  if (tree.kind !== 'call' || tree.name !== 'hash' || tree.arguments.length > 2) return undefined;
  const [subject, algorithm] = tree.arguments;
  const name = algorithm === undefined ? 'sha1' : algorithm.kind === 'literal' ? String(algorithm.value) : '';
  if (subject === undefined || !DIGESTS.includes(name)) return undefined;
  const source = textSource(translator.text(subject));
  return { ...source, attributes: [...source.attributes, ['encode', name]] };
}

function translatedSource(
  { conversion, parameter, part, place }: ExpressionPart,
  translator: Translator,
  tree: LegacyNode,
): NativeSource {
  if (place !== 'json') return textSource(translator.text(tree));
  const value = translator.value(tree);
  if (value.kind === 'text') return textSource(value.pieces);
  const what = {
    number: 'a number',
    truth: 'true or false',
    checkbox: 'true or false',
    moment: 'null when it is empty',
  };
  conversion.note('type', `parameter ${parameter.name}`, `it is ${what[value.kind]}; coreBOS sends text`, part.text);
  return jsonataSource(codeOf(value));
}

/** The pieces of an expression that stands among other parts; undefined where JSONata cannot say them. */
export function expressionPieces(
  conversion: MapConversion,
  at: string,
  { text }: LegacyPart,
): readonly TextPiece[] | undefined {
  const tree = readExpression(text.value);
  const assumeText = (key: string): void => conversion.note('assumed', at, `the context value ${key} is a text`, text);
  try {
    const { module, known } = conversion;
    return tree && createTranslator({ module, modules: known.modules, assumeText }).text(tree);
  } catch (thrown) {
    if (thrown instanceof CannotConvert) return undefined;
    throw thrown;
  }
}
