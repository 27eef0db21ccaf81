import { MapwrightError, messageOf } from '../core/error.ts';
import type { CompileProblem } from './compiled.ts';

const TIMEOUT_CODE = 'D1012';
const SIZE_CODES = new Set(['D1011', 'D2014', 'D2015']);

/** A member of anything that was thrown; JSONata throws plain objects. */
function memberOf(thrown: unknown, name: string): unknown {
  return typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, name) : undefined;
}

/** Messages repeat what they are about, and that may be as long as a file. */
const LONGEST_MESSAGE = 500;

function briefMessage(thrown: unknown): string {
  const message = messageOf(thrown);
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}...`;
}

/**
 * Whatever an evaluation threw, as EXPRESSION_FAILED, EXPRESSION_TIMEOUT, EXPRESSION_TOO_LARGE or the code it already
 * has, with the place in its message where JSONata tells one.
 */
export function evaluationError(thrown: unknown): MapwrightError {
  const position = memberOf(thrown, 'position');
  const place = typeof position === 'number' && position > 0 ? ` (at character ${position} of the expression)` : '';
  const message = briefMessage(thrown);
  if (thrown instanceof MapwrightError) {
    if (place === '' && message === thrown.message) return thrown;
    const details = { retryable: thrown.retryable, cause: thrown };
    return new MapwrightError(
      thrown.code,
      message + place,
      thrown.hint === undefined ? details : { ...details, hint: thrown.hint },
    );
  }
  return new MapwrightError(codeOf(thrown), message + place, { cause: thrown });
}

function codeOf(thrown: unknown): string {
  const code = memberOf(thrown, 'code');
  if (code === TIMEOUT_CODE) return 'EXPRESSION_TIMEOUT';
  if (thrown instanceof RangeError || (typeof code === 'string' && SIZE_CODES.has(code))) return 'EXPRESSION_TOO_LARGE';
  return 'EXPRESSION_FAILED';
}

/** What JSONata's parser threw, as a problem with a place: JSONata's position is just past the offending token. */
export function syntaxProblem(thrown: unknown, text: string): CompileProblem {
  if (thrown instanceof RangeError) {
    return {
      code: 'EXPRESSION_TOO_LARGE',
      message: 'the expression is nested too deeply',
      offset: 0,
      length: text.length,
    };
  }
  const position = memberOf(thrown, 'position');
  const token = memberOf(thrown, 'token');
  const end = Math.min(text.length, typeof position === 'number' ? position : text.length);
  const written = typeof token === 'string' && text.endsWith(token, end) ? token.length : 1;
  const offset = Math.max(0, end - Math.max(1, written));
  return { code: 'EXPRESSION_SYNTAX', message: briefMessage(thrown), offset, length: end - offset };
}
