/** Where a text stops being JSON (RFC 8259). */
export interface JsonFault {
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1, in UTF-16 units. */
  readonly column: number;
  /** Counts from 0, in UTF-16 units. */
  readonly offset: number;
  /** The text around the place. */
  readonly near: string;
}

const NEAR_CHARACTERS = 20;

/** The first place where a text that JSON.parse refuses is no JSON. */
export function findJsonFault(text: string): JsonFault {
  const offset = new JsonScanner(text).faultOffset();
  const lines = text.slice(0, offset).split('\n');
  const near = text.slice(Math.max(0, offset - NEAR_CHARACTERS), offset + NEAR_CHARACTERS).toWellFormed();
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1, offset, near };
}

/** `line 1, column 27, near "..."`. */
export function describeJsonFault(fault: JsonFault): string {
  return `line ${fault.line}, column ${fault.column} (character ${fault.offset + 1}), near ${JSON.stringify(fault.near)}`;
}

const BLANK = /[ \t\n\r]*/y;
const SCALAR = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const STRING_PIECE = /[^"\\\p{Cc}]+|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/uy;

/** Walks a text without recursion, so that any nesting is survived. */
class JsonScanner {
  readonly #text: string;
  readonly #open: ('{' | '[')[] = [];
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  faultOffset(): number {
    this.#match(BLANK);
    while (this.#readValueStart()) {
      if (!this.#readAfterValue()) return this.#offset;
    }
    return this.#offset;
  }

  /** Reads up to and including a scalar, opening what is opened on the way; false at the fault. */
  #readValueStart(): boolean {
    for (;;) {
      const character = this.#text[this.#offset];
      if (character !== '{' && character !== '[') return character === '"' ? this.#readString() : this.#match(SCALAR);
      this.#take();
      if (this.#text[this.#offset] === (character === '{' ? '}' : ']')) return this.#take();
      this.#open.push(character);
      if (character === '{' && !this.#readName()) return false;
    }
  }

  /** Closes what is closed and reads up to the next value; false at the fault or at the end of the whole value. */
  #readAfterValue(): boolean {
    this.#match(BLANK);
    for (;;) {
      const opened = this.#open.at(-1);
      const character = this.#text[this.#offset];
      if (opened === undefined) return false;
      if (character === ',') return this.#take() && (opened === '[' || this.#readName());
      if (character !== (opened === '{' ? '}' : ']')) return false;
      this.#open.pop();
      this.#take();
    }
  }

  #readName(): boolean {
    if (this.#text[this.#offset] !== '"' || !this.#readString()) return false;
    this.#match(BLANK);
    return this.#text[this.#offset] === ':' && this.#take();
  }

  #readString(): boolean {
    this.#offset++;
    while (this.#match(STRING_PIECE));
    if (this.#text[this.#offset] !== '"') return false;
    this.#offset++;
    return true;
  }

  /** Reads one character and the blanks after it. */
  #take(): true {
    this.#offset++;
    this.#match(BLANK);
    return true;
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#offset;
    const matches = pattern.test(this.#text);
    if (matches) this.#offset = pattern.lastIndex;
    return matches;
  }
}
