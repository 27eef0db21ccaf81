import type { CompileProblem, CompileResult } from '../../compiled.ts';

/** A scalar of a JSON text, with the place it was read from. */
export interface JsonScalar {
  readonly value: string | number | boolean | null;
  readonly offset: number;
  readonly length: number;
  /** The place in the JSON text of the character at `index` of a text value. */
  offsetOf(index: number): number;
}

/** One object of the list: where it stands, and its members by name, the last of each name. */
export interface JsonRow {
  readonly offset: number;
  readonly members: ReadonlyMap<string, JsonScalar>;
}

interface Token {
  readonly text: string;
  readonly offset: number;
  /** False for what stands in no JSON, and for the end. */
  readonly isJson: boolean;
}

const TOKEN =
  /[ \t\n\r]*([[\]{},:]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/uy;
const ESCAPE = /\\(?:u[0-9a-fA-F]{4}|.)/gu;

/** Stops reading; caught by `readJsonRows`. */
class Unexpected extends Error {
  readonly problem: CompileProblem;

  constructor(wanted: string, { text, offset }: Omit<Token, 'isJson'>) {
    super(wanted);
    const found = text === '' ? 'the end' : text.slice(0, 20);
    this.problem = {
      code: 'CONDITION_SYNTAX',
      message: `expected ${wanted}, found ${found}`,
      offset,
      length: text.length,
    };
  }
}

/** Reads a list of objects whose members are scalars. Problem: CONDITION_SYNTAX. */
export function readJsonRows(text: string): CompileResult<readonly JsonRow[]> {
  const reader = new RowReader(text);
  try {
    const value = reader.list('[', ']', () => reader.row());
    reader.end();
    return { ok: true, value, warnings: [] };
  } catch (thrown) {
    if (!(thrown instanceof Unexpected)) throw thrown;
    return { ok: false, problem: thrown.problem };
  }
}

class RowReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  row(): JsonRow {
    const { offset } = this.#peek();
    const members = new Map<string, JsonScalar>();
    this.list('{', '}', () => {
      const name = this.#scalar('a name in double quotes', '"');
      this.#expect(':');
      members.set(String(name.value), this.#scalar('a text, a number, true, false or null'));
    });
    return { offset, members };
  }

  list<T>(opening: string, closing: string, item: () => T): T[] {
    this.#expect(opening);
    const items: T[] = [];
    if (this.#peek().text === closing) {
      this.#next();
      return items;
    }
    for (;;) {
      items.push(item());
      const after = this.#next();
      if (after.text === closing) return items;
      if (after.text !== ',') throw new Unexpected(`, or ${closing}`, after);
    }
  }

  end(): void {
    const rest = /\S/u.exec(this.#text.slice(this.#at));
    if (rest !== null) throw new Unexpected('nothing more', { text: rest[0], offset: this.#at + rest.index });
  }

  #scalar(wanted: string, beginning = ''): JsonScalar {
    const token = this.#next();
    const { text, offset } = token;
    const isValue = token.isJson && !'[]{},:'.includes(text);
    if (!isValue || !text.startsWith(beginning)) throw new Unexpected(wanted, token);
    const value = JSON.parse(text) as JsonScalar['value'];
    return { value, offset, length: text.length, offsetOf: (index) => offset + 1 + rawIndex(text.slice(1, -1), index) };
  }

  #expect(wanted: string): void {
    const token = this.#next();
    if (token.text !== wanted) throw new Unexpected(wanted, token);
  }

  #next(): Token {
    const token = this.#peek();
    this.#at = token.offset + token.text.length;
    return token;
  }

  #peek(): Token {
    TOKEN.lastIndex = this.#at;
    const text = TOKEN.exec(this.#text)?.[1];
    if (text !== undefined) return { text, offset: TOKEN.lastIndex - text.length, isJson: true };
    const blank = /^[ \t\n\r]*/u.exec(this.#text.slice(this.#at))?.[0].length ?? 0;
    const offset = this.#at + blank;
    const [wrong = ''] = this.#text.slice(offset, offset + 2);
    return { text: wrong, offset, isJson: false };
  }
}

/** Where the character at `index` of the read text stands between the quotes. */
function rawIndex(raw: string, index: number): number {
  let shift = 0;
  for (const escape of raw.matchAll(ESCAPE)) {
    if (escape.index - shift >= index) break;
    shift += escape[0].length - 1;
  }
  return Math.min(raw.length, index + shift);
}
