import { quote } from './field-value.ts';
import { QuerySyntaxError } from './query-error.ts';

/** One token of a query. `value` is the text without quotes and escapes. */
export interface QueryToken {
  readonly kind: 'word' | 'number' | 'string' | 'symbol' | 'end';
  readonly value: string;
  /** Counted from 0 in UTF-16 units. */
  readonly offset: number;
}

const LONGEST_QUERY = 256 * 1024;

const BLANK = /\s+/uy;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/uy;
/** A record id stands without quotes too: `11x74`. */
const NUMBER = /[0-9]+x[0-9]+|[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/uy;
const SYMBOL = /<>|!=|<=|>=|[=<>(),;*.]/uy;

/** The tokens of a query, the last of kind `end`. Throws QuerySyntaxError. */
export function tokenize(text: string): QueryToken[] {
  if (text.length > LONGEST_QUERY) {
    throw new QuerySyntaxError(LONGEST_QUERY, `at most ${LONGEST_QUERY} characters`, `${text.length}`);
  }
  const tokens: QueryToken[] = [];
  let offset = skipBlanks(text, 0);
  while (offset < text.length) {
    const { token, end } = readToken(text, offset);
    tokens.push(token);
    offset = skipBlanks(text, end);
  }
  tokens.push({ kind: 'end', value: '', offset });
  return tokens;
}

/** The error of this token standing where something else was expected. */
export function unexpectedToken(token: QueryToken, expected: string): QuerySyntaxError {
  const found = token.kind === 'end' ? 'the end of the query' : quote(token.value);
  return new QuerySyntaxError(token.offset, expected, found);
}

function skipBlanks(text: string, offset: number): number {
  BLANK.lastIndex = offset;
  return BLANK.test(text) ? BLANK.lastIndex : offset;
}

function readToken(text: string, offset: number): { readonly token: QueryToken; readonly end: number } {
  const first = text[offset];
  if (first === "'" || first === '"') return readString(text, offset, first);
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = offset;
    const value = pattern.exec(text)?.[0];
    if (value !== undefined) return { token: { kind, value, offset }, end: offset + value.length };
  }
  const found = String.fromCodePoint(text.codePointAt(offset) ?? 0).toWellFormed();
  throw new QuerySyntaxError(offset, 'a word, a value or an operator', quote(found));
}

const PATTERNS = [
  ['word', WORD],
  ['number', NUMBER],
  ['symbol', SYMBOL],
] as const;

/** A quote inside is doubled or follows a backslash; a backslash before anything else than a quote or itself is kept. */
function readString(text: string, start: number, quote: string): { readonly token: QueryToken; readonly end: number } {
  let value = '';
  for (let offset = start + 1; offset < text.length; offset++) {
    const character = text[offset] ?? '';
    const next = text[offset + 1];
    if (character === quote && next !== quote) {
      return { token: { kind: 'string', value, offset: start }, end: offset + 1 };
    }
    const escaped = character === quote || (character === '\\' && isEscapable(next));
    if (escaped) offset++;
    value += escaped ? (next ?? '') : character;
  }
  throw new QuerySyntaxError(start, `a closing ${quote}`, 'the end of the query');
}

function isEscapable(character: string | undefined): boolean {
  return character === "'" || character === '"' || character === '\\';
}
