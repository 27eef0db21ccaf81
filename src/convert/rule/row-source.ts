import { DOES_NOT_PASS } from '../../catalog/rule/hit-policy.ts';
import type { LegacyNode } from '../../expression/legacy/tree.ts';
import { isTruthy } from '../../expression/legacy/value.ts';
import { CannotConvert } from '../conversion.ts';
import { mayFail } from '../expression/may-fail.ts';
import { readExpression } from '../expression/read-expression.ts';
import { joinPieces, literalText } from '../expression/text-piece.ts';
import type { Translator } from '../expression/translate.ts';
import { codeOf, type Translated } from '../expression/translated.ts';
import { jsonataSource, type NativeSource, textSource } from '../map/native-source.ts';
import { expressionSource, keptSource, readRuleExpression, type RuleText } from './rule-source.ts';

/** What a row of a table becomes: when it holds, and what it gives. */
export interface NativeRowParts {
  readonly when: string | undefined;
  readonly source: NativeSource;
  /** True when nothing in it can fail. */
  readonly isSafe: boolean;
}

/**
 * A row with an expression. `if a then b else '__DoesNotPass__' end`, as tables of coreBOS have it, becomes a condition and a
 * value. Values stay texts where they may be empty, because a native row that gives null gives nothing.
 */
export function rowParts(given: RuleText): NativeRowParts {
  const parts = conditionAndValue(given);
  if (parts !== undefined) return parts;
  const source = expressionSource(given, rowSource);
  const tree = readExpression(given.text.value);
  return { when: undefined, source, isSafe: !isLegacy(source) && tree !== undefined && !mayFail(tree) };
}

function conditionAndValue(given: RuleText): NativeRowParts | undefined {
  try {
    const { tree, translator } = readRuleExpression(given);
    if (tree.kind !== 'choice') return undefined;
    const [only, ...more] = tree.cases;
    if (only === undefined || more.length > 0) return undefined;
    const [isThen, isElse] = [isNone(only.then), isNone(tree.otherwise)];
    if (isThen === isElse) return undefined;
    const when = translator.truth(only.when);
    const source = rowSource(given, translator, isElse ? only.then : tree.otherwise);
    return { when: isElse ? when : `$not(${when})`, source, isSafe: !mayFail(tree) };
  } catch (thrown) {
    if (thrown instanceof CannotConvert) {
      return { when: undefined, source: keptSource(given, thrown.message), isSafe: false };
    }
    throw thrown;
  }
}

/** True for an expression that stayed as it is. */
export function isLegacy({ attributes }: NativeSource): boolean {
  return attributes.some(([name]) => name === 'legacy');
}

function isNone(node: LegacyNode): boolean {
  return node.kind === 'literal' && node.value === DOES_NOT_PASS;
}

function rowSource(given: RuleText, translator: Translator, tree: LegacyNode): NativeSource {
  const value = translator.value(tree);
  noteEmpty(given, value, tree);
  if (value.kind === 'truth') return jsonataSource(codeOf(value));
  if (value.kind === 'number' && !value.isNullable) return jsonataSource(codeOf(value));
  return textSource(translator.text(tree));
}

function noteEmpty({ conversion, at, text }: RuleText, value: Translated, tree: LegacyNode): void {
  if (value.kind === 'truth') {
    const message = 'true and false are values; in coreBOS true counts as not passing, and false as no answer';
    conversion.note('changed', at, message, text);
    return;
  }
  const literal = value.kind === 'text' ? literalText(joinPieces(value.pieces)) : undefined;
  const isFilled = tree.kind === 'literal' ? isTruthy(tree.value) : literal !== undefined && isTruthy(literal);
  if (!isFilled) conversion.note('changed', at, EMPTY_ANSWER, text);
}

export const EMPTY_ANSWER = `an empty text and 0 are given as they are, and null is passed over; to coreBOS they count, and come to ${DOES_NOT_PASS}`;
