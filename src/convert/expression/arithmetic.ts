import type { BinaryNode, LegacyNode, LegacyOperator, UnaryNode } from '../../expression/legacy/tree.ts';
import { CannotConvert } from '../conversion.ts';
import { mayFail } from './may-fail.ts';
import type { Translator } from './translate.ts';
import { bracketed, type NumberCode, type Translated } from './translated.ts';

/** `a + b` and the like; undefined for a comparison. The right operand is bracketed: it is all that follows. */
export function translateArithmetic(translator: Translator, node: BinaryNode): Translated | undefined {
  const { operator } = node;
  if (!isArithmetic(operator)) return undefined;
  const divisor = node.right.kind === 'literal' ? Number(node.right.value) : 0;
  if (operator === '/' && divisor === 0 && mayFail(node.left)) {
    throw new CannotConvert('coreBOS computes what is divided by 0 all the same, and fails when that fails');
  }
  const left = numberOf(translator, node.left);
  const right = numberOf(translator, node.right);
  const code = combine(operator, left, right);
  const isWhole = operator !== '/' && left.isWhole && right.isWhole;
  return { kind: 'number', code, isWhole, isNullable: false, isStored: false };
}

/** `-a` */
export function translateSign(translator: Translator, { operator, operand }: UnaryNode): Translated {
  if (operator === '+') return translator.value(operand);
  const number = numberOf(translator, operand);
  // Of nothing there is no opposite: both languages fail.
  return { ...number, code: `(-${bracketed(number.code)})`, isNullable: false, isStored: false };
}

function isArithmetic(operator: LegacyOperator): operator is '+' | '-' | '*' | '/' {
  return operator === '+' || operator === '-' || operator === '*' || operator === '/';
}

/** A number, or what counts as one for certain. Throws CannotConvert for everything else: a text may or may not be one. */
export function numberOf(translator: Translator, node: LegacyNode): NumberCode {
  const value = translator.value(node);
  if (value.kind === 'number') return value;
  const text = node.kind === 'literal' ? String(node.value) : '';
  if (!/^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/u.test(text)) {
    throw new CannotConvert('a text counts as a number in coreBOS when it looks like one, and JSONata does not');
  }
  return { kind: 'number', code: text, isWhole: !text.includes('.'), isNullable: false, isStored: false };
}

/** What is empty counts for nothing beside `+` and `-`, whichever side it stands on; division by nothing is 0. */
function combine(operator: '+' | '-' | '*' | '/', left: NumberCode, right: NumberCode): string {
  const [a, b] = [bracketed(left.code), bracketed(right.code)];
  switch (operator) {
    case '+':
      return `(${orZero(left)} + ${orZero(right)})`;
    case '-':
      return left.isNullable
        ? `(${a} = null ? ${orZero(right)} : ${a} - ${orZero(right)})`
        : `(${a} - ${orZero(right)})`;
    case '*':
      return `(${a} * ${b})`;
    case '/':
      if (/^[\d.]+$/u.test(b)) return Number(b) === 0 ? '0' : `(${a} / ${b})`;
      return `(${right.isNullable ? `${b} = null or ` : ''}${b} = 0 ? 0 : ${a} / ${b})`;
  }
}

/** The number, 0 for an empty field. */
export function orZero({ code, isNullable }: NumberCode): string {
  return isNullable ? `(${code} = null ? 0 : ${code})` : bracketed(code);
}
