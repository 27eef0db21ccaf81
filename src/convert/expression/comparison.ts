import type { BinaryNode, LegacyNode } from '../../expression/legacy/tree.ts';
import { isNumericText } from '../../expression/legacy/number.ts';
import { CannotConvert } from '../conversion.ts';
import { numberOf } from './arithmetic.ts';
import { quoteText } from './quote.ts';
import { literalText } from './text-piece.ts';
import type { Translator } from './translate.ts';
import { bracketed, codeOf, type NumberCode, type Translated } from './translated.ts';

const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

/**
 * `a == b` where the types tell how coreBOS compares: numbers, a field with a literal, texts with a literal that is no
 * number. Throws CannotConvert for all others, which it compares by what the texts look like.
 */
export function translateComparison(translator: Translator, { operator, left, right }: BinaryNode): Translated {
  const [a, b] = [translator.value(left), translator.value(right)];
  const compared =
    compareWithLiteral(translator, { operator, value: a, literal: right }) ??
    compareWithLiteral(translator, { operator: MIRRORED[operator] ?? operator, value: b, literal: left });
  if (compared !== undefined) return { kind: 'truth', code: compared };
  if (a.kind === 'number' && b.kind === 'number' && !a.isNullable && !b.isNullable) {
    return { kind: 'truth', code: `${bracketed(a.code)} ${operatorOf(operator)} ${bracketed(b.code)}` };
  }
  throw new CannotConvert('coreBOS compares the two by what they look like, which JSONata does not');
}

interface WithLiteral {
  readonly operator: string;
  readonly value: Translated;
  readonly literal: LegacyNode;
}

function compareWithLiteral(translator: Translator, { operator, value, literal }: WithLiteral): string | undefined {
  if (literal.kind !== 'literal') return undefined;
  const text = String(literal.value);
  const isEquality = operator === '==' || operator === '!=';
  const isNumber = typeof literal.value === 'number' || isNumericText(text);
  switch (value.kind) {
    case 'number':
      if (text === '' && isEquality) return value.isStored ? `${value.code} ${operatorOf(operator)} null` : undefined;
      return isNumber ? compareNumbers(operator, value, numberOf(translator, literal)) : undefined;
    case 'checkbox':
      return isEquality ? compareCheckbox(operator, value.code, text) : undefined;
    case 'moment':
      if (!isEquality || isNumber) return undefined;
      if (text === '') return operator === '==' ? `$not(${value.code})` : `$boolean(${value.code})`;
      return `${value.code} ${operatorOf(operator)} ${quoteText(text)}`;
    case 'text': {
      if (!isEquality || isNumber || literalText(value.pieces) !== undefined) return undefined;
      return `${bracketed(codeOf(value))} ${operatorOf(operator)} ${quoteText(text)}`;
    }
    case 'truth':
      return undefined;
  }
}

/** An empty field is the empty text in coreBOS: less than every number, and equal to none. */
function compareNumbers(operator: string, value: NumberCode, literal: NumberCode): string {
  const compared = `${bracketed(value.code)} ${operatorOf(operator)} ${bracketed(literal.code)}`;
  if (!value.isNullable || operator === '==' || operator === '!=') return compared;
  if (!value.isStored) throw new CannotConvert('what an empty number is compared as cannot be told');
  return operator.startsWith('<') ? `(${value.code} = null or ${compared})` : `(${value.code} != null and ${compared})`;
}

/** With `1` or `0`. */
function compareCheckbox(operator: string, code: string, text: string): string | undefined {
  if (text !== '1' && text !== '0') return undefined;
  return (operator === '==') === (text === '1') ? `${code} = true` : `${code} != true`;
}

function operatorOf(operator: string): string {
  return operator === '==' ? '=' : operator;
}
