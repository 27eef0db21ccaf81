import { CannotConvert } from '../conversion.ts';
import { textCode, type TextPiece } from './text-piece.ts';

/**
 * A legacy expression, or a part of one, in JSONata. Text is put together of pieces. A number may be null where a field is
 * empty; `isStored` tells a field's own value, which coreBOS has as a text. A truth is never null.
 */
export type Translated =
  | { readonly kind: 'text'; readonly pieces: readonly TextPiece[] }
  | NumberCode
  | { readonly kind: 'truth'; readonly code: string }
  /** A checkbox of the record: true, false or, never touched, null; in coreBOS the texts `1` and `0`. */
  | { readonly kind: 'checkbox'; readonly code: string }
  /** A date or a time of day of the record: a text or null. */
  | { readonly kind: 'moment'; readonly code: string };

export interface NumberCode {
  readonly kind: 'number';
  readonly code: string;
  /** True when it has no decimals, so that its text is the same in both languages. */
  readonly isWhole: boolean;
  readonly isNullable: boolean;
  readonly isStored: boolean;
}

/** A text of one stretch of code. */
export function textOf(code: string): Extract<Translated, { kind: 'text' }> {
  return { kind: 'text', pieces: [{ kind: 'code', code }] };
}

/** JSONata for the value, whatever it is. */
export function codeOf(value: Translated): string {
  return value.kind === 'text' ? textCode(value.pieces) : value.code;
}

/** The pieces of the text that coreBOS makes of the value. */
export function asText(value: Translated): readonly TextPiece[] {
  switch (value.kind) {
    case 'text':
      return value.pieces;
    case 'truth':
      return [{ kind: 'code', code: `(${value.code} ? '1' : '')` }];
    case 'checkbox':
      return [{ kind: 'code', code: `(${value.code} = true ? '1' : '0')` }];
    case 'moment':
      return [{ kind: 'code', code: `(${value.code} ? ${value.code} : '')` }];
    case 'number':
      return [{ kind: 'code', code: numberText(value) }];
  }
}

function numberText({ code, isWhole, isNullable, isStored }: NumberCode): string {
  if (!isWhole && !isStored)
    throw new CannotConvert('coreBOS writes a computed number with 14 digits, JSONata with 15');
  return isNullable ? `(${code} = null ? '' : $string(${code}))` : `$string(${code})`;
}

/** JSONata that is true where coreBOS takes the value for true. */
export function asTruth(value: Translated): string {
  switch (value.kind) {
    case 'truth':
      return value.code;
    case 'checkbox':
      return `${value.code} = true`;
    case 'moment':
      return `$boolean(${value.code})`;
    case 'number':
      return value.isNullable ? `(${value.code} != null and ${value.code} != 0)` : `${value.code} != 0`;
    case 'text': {
      const code = bracketed(textCode(value.pieces));
      return `(${code} != '' and ${code} != '0')`;
    }
  }
}

/** The code in brackets where an operator beside it could take a part of it. */
export function bracketed(code: string): string {
  const isOne = /^(?:[\w.$`]+|'[^']*'|"[^"]*")$/u.test(code) || (/^(?:\$\w+)?\(/u.test(code) && closesAtEnd(code));
  return isOne ? code : `(${code})`;
}

/** True when the first bracket is closed by the last character. */
function closesAtEnd(code: string): boolean {
  let depth = 0;
  for (const { 0: token, index } of code.matchAll(/'[^']*'|"[^"]*"|[()]/gu)) {
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (depth === 0 && (token === '(' || token === ')')) return index === code.length - 1;
  }
  return false;
}
