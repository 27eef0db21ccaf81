import type { QuerySyntaxError } from './query-error.ts';
import { tokenize, unexpectedToken } from './query-token.ts';
import type { QueryToken } from './query-token.ts';

/** Reads the tokens of a query one after another. Words are compared without regard to case. */
export class QueryCursor {
  readonly #tokens: readonly QueryToken[];
  readonly #end: QueryToken;
  #index = 0;

  /** Throws QuerySyntaxError for a text that does not consist of tokens. */
  constructor(text: string) {
    this.#tokens = tokenize(text);
    this.#end = { kind: 'end', value: '', offset: text.length };
  }

  /** The token to be read next. */
  get token(): QueryToken {
    return this.#tokens[this.#index] ?? this.#end;
  }

  /** The token after that. */
  get tokenAfter(): QueryToken {
    return this.#tokens[this.#index + 1] ?? this.#end;
  }

  /** Reads the next token, whatever it is. */
  next(): QueryToken {
    const { token } = this;
    this.#index++;
    return token;
  }

  /** Reads these words and symbols if all of them come next; false and nothing read otherwise. */
  accept(...wanted: readonly string[]): boolean {
    const matches = wanted.every((text, step) => isToken(this.#tokens[this.#index + step], text));
    if (matches) this.#index += wanted.length;
    return matches;
  }

  /** Reads this word or symbol. Throws QuerySyntaxError when another comes next. */
  expect(wanted: string): void {
    if (!this.accept(wanted)) throw this.error(`"${wanted}"`);
  }

  /** Reads the name of a module or field. Throws QuerySyntaxError when something else comes next. */
  expectName(what: string): QueryToken {
    if (this.token.kind !== 'word') throw this.error(what);
    return this.next();
  }

  /** Reads `name`, or names with dots between them: `vendor_id.vendorname`. Throws QuerySyntaxError. */
  expectPath(what: string): readonly string[] {
    const path = [this.expectName(what).value];
    while (this.accept('.')) path.push(this.expectName('the name of a field').value);
    return path;
  }

  /** The error of the next token not being what was expected. */
  error(expected: string): QuerySyntaxError {
    return unexpectedToken(this.token, expected);
  }
}

function isToken(token: QueryToken | undefined, wanted: string): boolean {
  if (token === undefined || (token.kind !== 'word' && token.kind !== 'symbol')) return false;
  return token.value.toLowerCase() === wanted;
}
