import { isDeepStrictEqual } from 'node:util';
import type { Range } from '../../core/diagnostic.ts';
import type { Json } from '../../core/json.ts';
import type { Redactor } from '../../core/redactor.ts';
import { readExactJson } from '../../core/json-text.ts';
import type { ExpectedValue } from '../../catalog/compiled-map-test.ts';
import { toPlainText } from '../../expression/plain-text.ts';
import { type Correction, type Difference, type NewElement, valueAttributes } from './difference.ts';

/** A value that was expected and the one that was there. */
export interface ValueQuestion {
  readonly kind: Difference['kind'];
  readonly subject: string;
  readonly expected: ExpectedValue;
  /** Undefined: it was not there. */
  readonly actual: Json | undefined;
  /** The whole element that expects it. */
  readonly range: Range;
  /** The element without what it says of the value. */
  readonly element: NewElement;
  readonly hint?: string | undefined;
  readonly redactor: Redactor;
}

/** The difference, if there is one. */
export function compareValue(question: ValueQuestion): Difference | undefined {
  const { expected, actual, redactor } = question;
  if (matches(expected, actual)) return undefined;
  return {
    kind: question.kind,
    subject: question.subject,
    expected: describeExpected(expected, redactor),
    actual: actual === undefined ? undefined : describeActual(actual, redactor),
    range: expected.kind === 'text' ? expected.text.range : question.range,
    hint: question.hint,
    correction: correctionOf(question),
  };
}

function matches(expected: ExpectedValue, actual: Json | undefined): boolean {
  if (expected.kind === 'absent') return actual === undefined;
  if (expected.kind === 'something') return actual !== undefined;
  if (expected.kind === 'null') return actual === null;
  return actual !== undefined && isSameText(expected.text.value, actual);
}

/** Numbers are compared as numbers, lists and objects as JSON, anything else letter by letter. */
function isSameText(text: string, actual: Json): boolean {
  if (toPlainText(actual) === text) return true;
  if (typeof actual === 'number') return text.trim() !== '' && Number(text) === actual;
  return typeof actual === 'object' && actual !== null && isDeepStrictEqual(readExactJson(text), actual);
}

function describeExpected(expected: ExpectedValue, redactor: Redactor): string | undefined {
  if (expected.kind === 'text') return quoted(redactor.redact(expected.text.value));
  if (expected.kind === 'absent') return undefined;
  return expected.kind === 'null' ? 'null' : 'any value';
}

function describeActual(actual: Json, redactor: Redactor): string {
  return typeof actual === 'string' ? quoted(redactor.redact(actual)) : redactor.redact(JSON.stringify(actual));
}

function quoted(text: string): string {
  return `"${text}"`;
}

function correctionOf({ expected, actual, range, element, redactor }: ValueQuestion): Correction {
  if (actual === undefined) {
    if (element.name === 'written') return { kind: 'removal', range };
    return withAttributes(range, element, [['absent', 'true']]);
  }
  const text = actual === null ? null : toPlainText(actual);
  const attributes = valueAttributes(text, redactor.redact(text ?? ''));
  const isPlain = expected.kind === 'text' && text !== null && attributes.length > 0;
  if (isPlain) return { kind: 'attribute', range: expected.text.range, text };
  return withAttributes(range, element, attributes);
}

function withAttributes(
  range: Range,
  element: NewElement,
  attributes: readonly (readonly [string, string])[],
): Correction {
  return { kind: 'element', range, element: { ...element, attributes: [...element.attributes, ...attributes] } };
}
