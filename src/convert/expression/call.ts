import type { CallNode, LegacyNode } from '../../expression/legacy/tree.ts';
import { CannotConvert } from '../conversion.ts';
import { numberOf, orZero } from './arithmetic.ts';
import { mayFail } from './may-fail.ts';
import { memberCode, quoteText } from './quote.ts';
import { literalText, textCode } from './text-piece.ts';
import type { Translator } from './translate.ts';
import { asTruth, type NumberCode, textOf, type Translated } from './translated.ts';

type Translation = (translator: Translator, given: readonly LegacyNode[]) => Translated | undefined;

/** The functions that JSONata can say, for the arguments for which it can. */
const TRANSLATIONS: ReadonlyMap<string, Translation> = new Map<string, Translation>([
  ['concat', (translator, given) => ({ kind: 'text', pieces: given.flatMap((node) => translator.text(node)) })],
  ['coalesce', coalesce],
  ['substring', substring],
  [
    'stringlength',
    ({ text }, given) => (given.length === 1 ? wholeNumber(`$length(${textCode(given.flatMap(text))})`) : undefined),
  ],
  ['stringreplace', stringReplace],
  ['AND', junction('and', 'true')],
  ['OR', junction('or', 'false')],
  [
    'NOT',
    ({ truth }, [first, ...more]) =>
      first !== undefined && more.length === 0 ? { kind: 'truth', code: `$not(${truth(first)})` } : undefined,
  ],
  ['ceil', rounded('$ceil')],
  ['floor', rounded('$floor')],
  ['getFromContext', getFromContext],
  ['getSetting', getSetting],
]);

/** Throws CannotConvert for a function, or arguments, that JSONata has nothing for. */
export function translateCall(translator: Translator, { name, arguments: given }: CallNode): Translated {
  const translated = TRANSLATIONS.get(name)?.(translator, given);
  if (translated !== undefined) return translated;
  throw new CannotConvert(`JSONata has no function that does what ${name} does`);
}

function wholeNumber(code: string): NumberCode {
  return { kind: 'number', code, isWhole: true, isNullable: false, isStored: false };
}

/** The first value that is something; what stands behind a literal that is something never counts. */
function coalesce(translator: Translator, given: readonly LegacyNode[]): Translated | undefined {
  if (given.slice(1).some(mayFail)) return undefined;
  const values = given.map((node) => ({ value: translator.value(node), text: textCode(translator.text(node)) }));
  const chain = values.reduceRight((rest, { value, text }) => {
    const literal = value.kind === 'text' ? literalText(value.pieces) : undefined;
    if (literal !== undefined) return literal === '' || literal === '0' ? rest : text;
    return `${asTruth(value)} ? ${text} : ${rest}`;
  }, "''");
  return textOf(`(${chain})`);
}

/** Only counts that are written out, and no length from the end: there the two languages count differently. */
function substring({ text }: Translator, [subject, ...counts]: readonly LegacyNode[]): Translated | undefined {
  const numbers = counts.map(wholeLiteral);
  const [, length = 0] = numbers;
  if (subject === undefined || counts.length === 0 || counts.length > 2) return undefined;
  if (numbers.some((number) => number === undefined) || length < 0) return undefined;
  return textOf(`$substring(${textCode(text(subject))}, ${numbers.join(', ')})`);
}

function wholeLiteral(node: LegacyNode): number | undefined {
  if (node.kind === 'unary' && node.operator === '-') {
    const number = wholeLiteral(node.operand);
    return number === undefined ? undefined : -number;
  }
  return node.kind === 'literal' && typeof node.value === 'number' && Number.isSafeInteger(node.value)
    ? node.value
    : undefined;
}

function stringReplace({ text }: Translator, given: readonly LegacyNode[]): Translated | undefined {
  const [search, replacement, subject] = given;
  if (search?.kind !== 'literal' || search.value === '' || replacement === undefined || subject === undefined)
    return undefined;
  const sought = quoteText(String(search.value));
  return textOf(`$replace(${textCode(text(subject))}, ${sought}, ${textCode(text(replacement))})`);
}

/** JSONata leaves out what cannot decide any more, where coreBOS computes everything, and fails when that fails. */
function junction(word: 'and' | 'or', ofNone: string): Translation {
  return ({ truth }, given) => {
    if (given.slice(1).some(mayFail)) return undefined;
    const truths = given.map((node) => truth(node));
    return {
      kind: 'truth',
      code: truths.length === 0 ? ofNone : `(${truths.map((one) => `(${one})`).join(` ${word} `)})`,
    };
  };
}

function rounded(name: '$ceil' | '$floor'): Translation {
  return (translator, [first]) =>
    first === undefined ? undefined : wholeNumber(`${name}(${orZero(numberOf(translator, first))})`);
}

/** A value of the context, nothing where it is `"0"` or empty. A path that steps over missing levels has no counterpart. */
function getFromContext({ scope }: Translator, [name, ...more]: readonly LegacyNode[]): Translated | undefined {
  const key = name?.kind === 'literal' ? String(name.value) : '';
  const code = /^\w+$/u.test(key) && more.length === 0 ? memberCode('context', key) : undefined;
  if (code === undefined) return undefined;
  scope.assumeText(key);
  return textOf(`(${code} and ${code} != '0' ? ${code} : '')`);
}

function getSetting(_translator: Translator, [name, ...more]: readonly LegacyNode[]): Translated | undefined {
  const key = name?.kind === 'literal' ? String(name.value) : '';
  const code = more.length === 0 ? memberCode('setting', key) : undefined;
  return code === undefined ? undefined : textOf(`($exists(${code}) ? ${code} : '')`);
}
