import type { PiecewiseWork } from './in-slices.ts';
import { type Json, isJsonObject } from './json.ts';
import { DEEPEST_JSON, endOfString, type JsonReviver, readJson } from './json-text.ts';

/** Characters that are read at once: with a reviver they take a millisecond or two. */
const PIECE_LENGTH = 16_384;

/** Which reviver a piece of JSON is read with, if any. */
export type ReviverChoice = (piece: string) => JsonReviver | undefined;

/** True for a member at the top, by its name or its index in a list, that is kept. */
export type KeptMembers = (member: string | number) => boolean;

/** How JSON is read in pieces. */
export interface PiecewiseOptions {
  readonly reviverFor?: ReviverChoice | undefined;
  /** Left out: all. Of a list nothing is kept behind the first item that is not. */
  readonly keeps?: KeptMembers | undefined;
  readonly pieceLength?: number;
}

/**
 * As `readJson`, for large texts: reads a piece at a time, so that it can be done in slices. A text that is no longer than
 * a piece, and a string, is read at once. The reviver may be called for lists and objects that are parts of others.
 * Members that are not kept are read, and forgotten at once; small texts keep all of theirs.
 */
export function* readJsonInPieces(text: string, options: PiecewiseOptions = {}): PiecewiseWork<Json | undefined> {
  const { reviverFor = () => undefined, keeps = ALL, pieceLength = PIECE_LENGTH } = options;
  if (text.length <= pieceLength) return readJson(text, reviverFor(text));
  try {
    return yield* new PiecewiseReader(text, { reviverFor, keeps, pieceLength }).read();
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

const BLANKS = /[ \t\n\r]*/uy;
const NOTHING = /^[ \t\n\r]*$/u;
const SCALAR = /[^\s,[\]{}":]+/uy;
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

/** What a look ahead inside a list or an object has found. */
interface Outlook {
  /** Where it is closed; undefined when that is further away. */
  readonly end: number | undefined;
  /** The last comma between two of its members; undefined when the first of them does not end so soon. */
  readonly comma: number | undefined;
}

/** A list or an object that is being read. */
interface Open {
  readonly into: Json[] | Record<string, Json>;
  readonly closing: string;
  /** Its level. */
  readonly depth: number;
  readonly keeps: KeptMembers;
}

interface WholeOptions {
  readonly reviverFor: ReviverChoice;
  readonly keeps: KeptMembers;
  readonly pieceLength: number;
}

const ALL: KeptMembers = () => true;
const NONE: KeptMembers = () => false;

class PiecewiseReader {
  readonly #text: string;
  readonly #options: WholeOptions;
  #at = 0;

  constructor(text: string, options: WholeOptions) {
    this.#text = text;
    this.#options = options;
  }

  *read(): PiecewiseWork<Json> {
    const value = yield* this.#value(1, this.#options.keeps);
    this.#skip(BLANKS);
    if (this.#at < this.#text.length) throw new SyntaxError('something stands behind the value');
    return value;
  }

  /** Reads one value; `depth` is its level when it is a list or an object. */
  *#value(depth: number, keeps: KeptMembers): PiecewiseWork<Json> {
    this.#skip(BLANKS);
    const first = this.#text[this.#at] ?? '';
    const closing = CLOSING[first];
    if (closing !== undefined) {
      this.#at += 1;
      const into: Json[] | Record<string, Json> = first === '[' ? [] : {};
      yield* this.#members({ into, closing, depth, keeps });
      return into;
    }
    return first === '"' ? this.#string() : this.#parse(this.#skip(SCALAR));
  }

  /** Reads the members of a list or an object behind its opening sign, and its closing sign. */
  *#members(open: Open): PiecewiseWork<void> {
    const { closing, depth } = open;
    for (let isFirst = true; ; isFirst = false) {
      yield;
      const { end, comma } = this.#lookAhead(depth);
      const until = end ?? comma;
      if (until === undefined) {
        yield* this.#largeMember(open);
      } else {
        const piece = this.#text.slice(this.#at, until);
        const isEmpty = NOTHING.test(piece);
        if (isEmpty && (!isFirst || end === undefined)) throw new SyntaxError('a comma too many');
        if (!isEmpty) append(open, this.#parse(closing === ']' ? `[${piece}]` : `{${piece}}`));
        this.#at = until;
      }
      this.#skip(BLANKS);
      const sign = this.#text[this.#at++];
      if (sign === closing) return;
      if (sign !== ',') throw new SyntaxError('neither a comma nor the end');
    }
  }

  /** A member that is longer than a piece, or stands between very many blanks. */
  *#largeMember({ into, depth, keeps }: Open): PiecewiseWork<void> {
    if (Array.isArray(into)) {
      const isKept = keeps(into.length);
      const item = yield* this.#value(depth + 1, isKept ? ALL : NONE);
      if (isKept) into.push(item);
      return;
    }
    this.#skip(BLANKS);
    const name = this.#string();
    this.#skip(BLANKS);
    if (this.#text[this.#at++] !== ':') throw new SyntaxError('a name without a value');
    const isKept = keeps(name);
    const value = yield* this.#value(depth + 1, isKept ? ALL : NONE);
    if (isKept) setMember(into, name, value);
  }

  /** Looks a piece ahead; throws when what it sees is nested too deeply. */
  #lookAhead(depth: number): Outlook {
    const text = this.#text;
    const limit = Math.min(text.length, this.#at + this.#options.pieceLength);
    let level = depth;
    let comma: number | undefined;
    if (level > DEEPEST_JSON) throw new SyntaxError('nested too deeply');
    for (let at = this.#at; at < limit; at++) {
      switch (text[at]) {
        case '"':
          at = endOfString(text, at);
          break;
        case '[':
        case '{':
          if (++level > DEEPEST_JSON) throw new SyntaxError('nested too deeply');
          break;
        case ']':
        case '}':
          if (--level < depth) return { end: at, comma };
          break;
        case ',':
          if (level === depth) comma = at;
      }
    }
    return { end: undefined, comma };
  }

  #string(): string {
    const end = endOfString(this.#text, this.#at) + 1;
    const value = JSON.parse(this.#text.slice(this.#at, end)) as unknown;
    if (typeof value !== 'string') throw new SyntaxError('no string');
    this.#at = end;
    return value;
  }

  #parse(piece: string): Json {
    return JSON.parse(piece, this.#options.reviverFor(piece)) as Json;
  }

  /** Goes past what the pattern matches here, and gives it. */
  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }
}

function append({ into, keeps }: Open, part: Json): void {
  if (keeps === NONE) return;
  if (Array.isArray(into) && Array.isArray(part)) {
    for (const item of part as readonly Json[]) if (keeps(into.length)) into.push(item);
  } else if (!Array.isArray(into) && isJsonObject(part)) {
    for (const [name, value] of Object.entries(part)) if (keeps(name)) setMember(into, name, value);
  }
}

/** As JSON.parse does: a member of that name is a member like others. */
function setMember(object: Record<string, Json>, name: string, value: Json): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}
